"""The request of the provider's contract, the same whichever client sends it."""

from typing import Final

import orjson

from mailing.provider.answers import Failure
from mailing.provider.exchange import ExchangeError
from mailing.provider.protocol import Outgoing

HEADERS: Final = {
    "Accept": "application/json",
    # The answers are too small to be worth compressing.
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
    "User-Agent": "mailing-service",
}

NOTHING_TO_SEND: Final = (0, b"{}")
"""An id that no message has, and a body without phone and text: a request that asks how the provider is, and cannot
have any other effect. The contract knows no operation but sendMsg, so there is nothing better to ask; who checks the
token first, as servers do, answers 401 or 403 to a wrong one, and to a good one that the request is wrong."""


def request_body(message: Outgoing) -> bytes:
    """The JSON. Raises ExchangeError for what JSON cannot carry: half a surrogate pair, a number beyond 64 bits."""
    try:
        return orjson.dumps({"id": message.id, "phone": message.phone, "text": message.text})
    except orjson.JSONEncodeError as e:
        raise ExchangeError(Failure.UNSENDABLE) from e
