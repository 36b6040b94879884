"""A clock that only the test moves."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from typing import Any

ROUNDS = 10
"""More steps of the event loop than it takes until everyone has seen what a call has brought."""


class HandTimer:
    """The calls that it is asked for come while it is moved, each when it shows the call's moment."""

    def __init__(self) -> None:
        self._now = 0.0
        self._calls: list[tuple[float, int, Callable[..., object], tuple[Any, ...]]] = []
        self._numbers = itertools.count()

    def time(self) -> float:
        return self._now

    def call_at(self, when: float, callback: Callable[..., object], *args: Any) -> None:
        heapq.heappush(self._calls, (when, next(self._numbers), callback, args))

    async def move(self, seconds: float) -> None:
        """Let so much time pass, and everybody do what is to be done in it."""
        ends_at = self._now + seconds
        await _quiet()
        while self._calls and self._calls[0][0] <= ends_at:
            when, _, callback, args = heapq.heappop(self._calls)
            self._now = max(self._now, when)
            callback(*args)
            await _quiet()
        self._now = ends_at


async def _quiet() -> None:
    for _ in range(ROUNDS):
        await asyncio.sleep(0)
