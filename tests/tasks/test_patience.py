"""A Redis that fails in other ways than by being gone."""

import dramatiq
import pytest
from dramatiq.errors import BrokerConnectionError
from redis.asyncio import Redis

from mailing.embedded.valkey import ValkeyServer
from tasks.broker import make_broker
from tasks.sharing import SENDING


@pytest.mark.parametrize("queue", [SENDING, "mailing"])
async def test_a_refusal_of_redis_is_a_lost_connection_to_the_workers(
    queue: str, redis: "Redis", valkey: ValkeyServer
) -> None:
    """Any other error would end a consumer's thread for good."""
    # Given a job in the hands of a worker, and a Redis that is out of memory
    broker = make_broker(valkey.url)
    broker.enqueue(dramatiq.Message(queue, "mailing.pump", (7,), {}, {}))
    consumer = broker.consume(queue, prefetch=16, timeout=1)
    message = next(consumer)
    assert message is not None
    await redis.config_set("maxmemory", 1)

    # When / Then
    try:
        with pytest.raises(BrokerConnectionError, match="maxmemory"):
            broker.enqueue(dramatiq.Message(queue, "mailing.pump", (8,), {}, {}))
        with pytest.raises(BrokerConnectionError, match="maxmemory"):
            next(consumer)
        consumer.ack(message)
    finally:
        await redis.config_set("maxmemory", 0)
        broker.close()
