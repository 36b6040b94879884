"""Waiting for something to come true, never longer than a deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE_SECONDS = 0.02


async def until(ask: Callable[[], Awaitable[T]], *, seconds: float = 15) -> T:
    """The first true answer. Raises AssertionError with the last answer if none comes in that time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = await ask()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {ask}; the last answer: {answer!r}"
        await asyncio.sleep(PAUSE_SECONDS)
