"""What travels over the one channel: a mailing's state, or, as a bare number, that the mailing is gone."""

from collections.abc import Collection

import orjson
from redis.asyncio import Redis

from mailing.progress.snapshot import MailingProgress

CHANNEL = "mailing:progress"

Heard = MailingProgress | int
"""A state, or the id of a mailing that is gone."""


async def publish(redis: Redis, states: Collection[MailingProgress], gone: Collection[int] = ()) -> None:
    """Publish to whoever listens now; nothing is kept for others. Raises redis errors."""
    pipeline = redis.pipeline(transaction=False)
    for state in states:
        pipeline.publish(CHANNEL, state.encode())
    for mailing_id in gone:
        pipeline.publish(CHANNEL, str(mailing_id))
    await pipeline.execute()


def decode(data: bytes | str) -> Heard | None:
    """None for what this version does not understand: another may run beside it."""
    try:
        value = orjson.loads(data)
        return value if type(value) is int else MailingProgress.decode(data)
    except (ValueError, KeyError, TypeError):
        return None
