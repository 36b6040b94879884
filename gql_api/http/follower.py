"""One subscriber to an execution that many may share: at any pace, and never with a queue that grows."""

import asyncio
from collections.abc import Awaitable, Hashable
from datetime import datetime
from typing import NamedTuple

from graphql import GraphQLError

INTERVAL_SECONDS = 0.1


class Welcome(NamedTuple):
    """What a newcomer gets first."""

    payloads: list[str]
    as_of: datetime | None = None
    """The moment that they show: what is offered of an earlier one is not given any more. None: not known."""


class Follower:
    """Holds of each subject the newest payload that was not taken yet; an older one is replaced, not queued.

    Iterating gives first the payloads of the welcome, then what is offered, and ends after `end` once nothing is
    left to take. What is offered comes at most ten times a second and is not slowed down here; only between the
    welcome, which may come at any moment, and what follows a tenth of a second passes.
    """

    def __init__(self, welcome: Awaitable[Welcome]) -> None:
        self._awaited: Awaitable[Welcome] | None = welcome
        self._welcome: list[str] = []
        self._as_of: datetime | None = None
        self._rest_seconds = 0.0
        self._newest: dict[Hashable, tuple[str, datetime | None]] = {}
        self._wake = asyncio.Event()
        self._ended = False
        self.errors: list[GraphQLError] | None = None
        """Why there was no execution at all; known when the iteration is over."""

    def offer(self, subject: Hashable, payload: str, as_of: datetime | None = None) -> None:
        """Give it to the follower when it asks next, unless it shows a moment that the welcome has shown."""
        if self._is_news(as_of):
            self._newest[subject] = payload, as_of
            self._wake.set()

    def end(self, errors: list[GraphQLError] | None = None) -> None:
        """Nothing more is offered."""
        self.errors = errors
        self._ended = True
        self._wake.set()

    def __aiter__(self) -> "Follower":
        return self

    async def __anext__(self) -> str:
        if self._awaited is not None:
            self._take_up(await self._awaited)
        if self._welcome:
            return self._welcome.pop()
        if self._rest_seconds:
            await asyncio.sleep(self._rest_seconds)
            self._rest_seconds = 0
        while not self._newest:
            if self._ended:
                raise StopAsyncIteration
            self._wake.clear()
            await self._wake.wait()
        return self._newest.pop(next(iter(self._newest)))[0]

    def _take_up(self, welcome: Welcome) -> None:
        self._awaited = None
        self._welcome = welcome.payloads[::-1]
        self._as_of = welcome.as_of
        self._rest_seconds = INTERVAL_SECONDS if welcome.payloads else 0
        self._newest = {subject: given for subject, given in self._newest.items() if self._is_news(given[1])}

    def _is_news(self, as_of: datetime | None) -> bool:
        return self._as_of is None or as_of is None or as_of > self._as_of
