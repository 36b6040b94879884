"""The queue: Dramatiq on Valkey or Redis, set up so that what it may lose does no harm (docs/decisions/0002)."""

from collections.abc import Sequence

import dramatiq
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tasks.sharing import SENDING, SharingBroker

QUEUES = {"mailing.start": "mailing", "mailing.remove": "mailing", "mailing.pump": SENDING}
"""The queue of each job. A message in it says only which mailing to look at."""

_DEAD_MESSAGE_TTL_MS = 3_600_000


def make_broker(redis_url: str, middleware: Sequence[dramatiq.Middleware] = ()) -> SharingBroker:
    """A broker that fails fast and never sends a command twice.

    redis-py would repeat a command whose reply was lost, so its retries are off. Unacknowledged messages of dead
    workers are looked for with one command in ten, not one in a thousand.
    """
    client = Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0))
    broker = SharingBroker(  # type: ignore[no-untyped-call]  # its constructor has no annotations
        client=client,
        middleware=list(middleware),
        maintenance_chance=100_000,
        dead_message_ttl=_DEAD_MESSAGE_TTL_MS,
        namespace="mailing",
    )
    for queue in set(QUEUES.values()):
        broker.declare_queue(queue)
    return broker
