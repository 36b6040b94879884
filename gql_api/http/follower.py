"""One subscriber to an execution that many may share: at any pace, and never with a queue that grows."""

import asyncio
from collections.abc import Hashable, Iterable

from graphql import GraphQLError

INTERVAL_SECONDS = 0.1


class Follower:
    """Holds of each subject the newest payload that was not taken yet; an older one is replaced, not queued.

    Iterating gives first the payloads of the welcome, then what is offered, and ends after `end` once nothing is
    left to take. What is offered comes at most ten times a second and is not slowed down here; only between the
    welcome, which may come at any moment, and what follows a tenth of a second passes.
    """

    def __init__(self, welcome: Iterable[str] = ()) -> None:
        self._welcome = [*welcome]
        self._welcome.reverse()
        self._rest_seconds = INTERVAL_SECONDS if self._welcome else 0
        self._newest: dict[Hashable, str] = {}
        self._wake = asyncio.Event()
        self._ended = False
        self.errors: list[GraphQLError] | None = None
        """Why there was no execution at all; known when the iteration is over."""

    def offer(self, subject: Hashable, payload: str) -> None:
        """Give it to the follower when it asks next."""
        self._newest[subject] = payload
        self._wake.set()

    def end(self, errors: list[GraphQLError] | None = None) -> None:
        """Nothing more is offered."""
        self.errors = errors
        self._ended = True
        self._wake.set()

    def __aiter__(self) -> "Follower":
        return self

    async def __anext__(self) -> str:
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
        return self._newest.pop(next(iter(self._newest)))
