"""The GraphQL API over real HTTP, as any other client would ask it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

_CREATE = "mutation($i: CreateMailingInput!) { createMailing(input: $i) { __typename ... on Mailing { id } } }"
_STEER = "mutation($i: {verb}MailingInput!) {{ {field}Mailing(input: $i) {{ __typename }} }}"


class RefusedError(Exception):
    """Raised when the API answers with an error, or does not do what it was told."""


class ApiClient:
    """One client with a keep-alive session."""

    def __init__(self, url: str) -> None:
        self._url = url
        # Below the server's own patience: a request on a connection that it is just closing would fail.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(keepalive_timeout=2))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._session.close()

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """The `data` of the answer. Raises RefusedError if there are errors."""
        async with self._session.post(self._url, json={"query": query, "variables": variables or {}}) as response:
            answer = orjson.loads(await response.read())
        if answer.get("errors"):
            raise RefusedError(answer["errors"])
        data: Mapping[str, Any] = answer["data"]
        return data

    async def create_mailing(self, text: str, tags: list[str], max_rate: int | None = None) -> int:
        """A mailing that starts at once, for the clients with these tags; its number."""
        now = datetime.now(UTC)
        times = {"startsAt": now.isoformat(), "endsAt": (now + timedelta(hours=1)).isoformat()}
        given = {"text": text, **times, "filter": {"tags": tags}, "maxRate": max_rate}
        created = (await self.ask(_CREATE, {"i": given}))["createMailing"]
        if created["__typename"] != "Mailing":
            raise RefusedError(created)
        return int(created["id"].removeprefix("mailing_"))

    async def steer(self, verb: str, mailing_id: int, **changes: Any) -> None:
        """`verb`: Pause, Resume, Cancel or Update; it is done and committed when this returns."""
        field = verb.lower()
        given = {"id": f"mailing_{mailing_id}", **changes}
        done = (await self.ask(_STEER.format(verb=verb, field=field), {"i": given}))[f"{field}Mailing"]
        if done["__typename"] != "Mailing":
            raise RefusedError(done)
