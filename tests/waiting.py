"""Waiting for something to come true, never longer than a deadline."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

PAUSE_SECONDS = 0.005


async def until(ask: Callable[[], Awaitable[object]] | Callable[[], object], *, seconds: float = 10) -> None:
    """Ask until the answer is true, without helping it along. AssertionError with the last answer after that time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if inspect.isawaitable(answer):
            answer = await answer
        if answer:
            return
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {ask}; the last answer: {answer!r}"
        await asyncio.sleep(PAUSE_SECONDS)
