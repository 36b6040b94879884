"""One transaction, and the jobs that leave when it has committed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tortoise.transactions import in_transaction

from mailing import jobs


@asynccontextmanager
async def unit_of_work() -> AsyncIterator[None]:
    """Everything inside commits together or not at all; jobs noted inside are sent after the commit.

    Tortoise has no hook for "after commit", hence this. A unit of work inside another joins it.
    """
    if jobs._noted.get() is not None:
        yield
        return
    noted: list[jobs.Job] = []
    token = jobs._noted.set(noted)
    try:
        async with in_transaction("default"):
            yield
    finally:
        jobs._noted.reset(token)
    await jobs.send(noted)
