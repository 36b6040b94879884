"""Ending tasks."""

import asyncio

AGAIN_SECONDS = 1.0
"""What a task may take to tidy up, before it is cancelled once more."""


async def end(task: asyncio.Task[None]) -> None:
    """Cancel the task and wait until it has ended.

    `asyncio.wait_for` of Python 3.11 loses a cancellation that comes just as that is done which it waits for, and the
    client of Redis waits with it whenever it sends: the task would go on for ever, and whoever ends it would wait.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=AGAIN_SECONDS)
