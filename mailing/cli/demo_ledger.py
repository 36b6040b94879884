"""What the fake provider says that it took."""

import contextlib
import http.client
from typing import Any
from urllib.parse import urlsplit

import orjson

from mailing.cli.failure import CommandError

_PAGE = 10_000


class DemoLedger:
    """Reads the ledger of the fake provider at a provider's URL, /v1 included."""

    def __init__(self, provider_url: str) -> None:
        self._provider_url = provider_url
        self._base = urlsplit(provider_url.removesuffix("/v1"))

    def accepted(self) -> int:
        """How many messages it has accepted so far.

        Raises CommandError where there is no such ledger: a real provider would text real people.
        """
        count = self._get("/_ledger").get("accepted")
        if not isinstance(count, int):
            raise self._not_the_fake()
        return count

    def accepted_with(self, text: str, after: int) -> int:
        """How many messages with the text it has accepted, not counting the first `after` of all."""
        found = 0
        while messages := self._get(f"/_ledger/messages?after={after}&limit={_PAGE}")["messages"]:
            found += sum(message["text"] == text for message in messages)
            after += len(messages)
        return found

    def _get(self, path: str) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self._base.hostname or "", self._base.port, timeout=10)
        try:
            with contextlib.closing(connection):
                connection.request("GET", self._base.path + path)
                answer = connection.getresponse()
                body = orjson.loads(answer.read())
        except (OSError, http.client.HTTPException, orjson.JSONDecodeError) as e:
            raise self._not_the_fake() from e
        if answer.status != 200 or not isinstance(body, dict):
            raise self._not_the_fake()
        return body

    def _not_the_fake(self) -> CommandError:
        return CommandError(
            f"no fake provider answers at {self._base.netloc}; a demonstration sends to nobody else, "
            "for its clients' phones may be anybody's"
        )
