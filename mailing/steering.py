"""Tells all workers at once that somebody has changed a mailing, so that its pumps look before they send on.

They would see it with their next write anyway, within a quarter of a second: that is what holds. This makes it quick.
"""

import asyncio
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from mailing.db.unit_of_work import after_commit
from mailing.outage import Outage
from mailing.progress.announce import announce_after_commit

CHANNEL = "mailing:changed"
"""Carries the number of each mailing that was changed."""

LONGEST_WAIT_SECONDS = 0.2
"""Whoever changed it has committed already: a Redis that does not answer must not hold them up."""

Tell = Callable[[int], Awaitable[None]]

_tell: Tell | None = None


def tell_through(tell: Tell | None) -> None:
    """Make `tell` this process's way to the workers; it must not raise."""
    global _tell  # noqa: PLW0603  # one way a process, set by its composition root
    _tell = tell


async def changed(mailing_id: int) -> None:
    """Tell workers and subscribers that the mailing was changed, once the current unit of work has committed."""

    async def say_so() -> None:
        if _tell is not None:
            await _tell(mailing_id)

    await after_commit(say_so)
    await announce_after_commit(mailing_id)


def over(redis: Redis) -> Tell:
    """A way to the workers over Redis, for `tell_through`."""
    outage = Outage("steering.not_told")

    async def tell(mailing_id: int) -> None:
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                await redis.publish(CHANNEL, mailing_id)
        except (RedisError, OSError, TimeoutError) as e:
            outage.met(e)
        else:
            outage.over()

    return tell


def mailing_in(data: bytes | str) -> int | None:
    """Which mailing was changed; None for what this version does not understand."""
    try:
        return int(data)
    except ValueError:
        return None
