"""Waiting for something to come true, never longer than a deadline."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

PAUSE_SECONDS = 0.005
LONGEST_ROUND_SECONDS = 0.1
"""A round that takes longer counts as this long: this process stood still, and so did what it waits for."""


async def until(ask: Callable[[], Awaitable[object]] | Callable[[], object], *, seconds: float = 10) -> None:
    """Ask until the answer is true, without helping it along. AssertionError with the last answer after that time.

    It is the time that this process has lived: where a busy machine leaves it out for two seconds, the event loop gets
    as many steps as ever to do what the answer depends on.
    """
    lived, began = 0.0, time.monotonic()
    while True:
        answer = ask()
        if inspect.isawaitable(answer):
            answer = await answer
        if answer:
            return
        assert lived < seconds, f"not within {seconds:g} s: {ask}; the last answer: {answer!r}"
        await asyncio.sleep(PAUSE_SECONDS)
        now = time.monotonic()
        lived, began = lived + min(now - began, LONGEST_ROUND_SECONDS), now
