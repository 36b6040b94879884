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


def request_body(message: Outgoing) -> bytes:
    """The JSON. Raises ExchangeError for what JSON cannot carry: half a surrogate pair, a number beyond 64 bits."""
    try:
        return orjson.dumps({"id": message.id, "phone": message.phone, "text": message.text})
    except orjson.JSONEncodeError as e:
        raise ExchangeError(Failure.UNSENDABLE) from e
