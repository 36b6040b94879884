"""This process's one subscription to a channel of Redis, for as long as it runs."""

import asyncio
import random
from collections.abc import Callable
from typing import NoReturn

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from mailing.outage import Outage

SILENCE_SECONDS = 5.0
SHORTEST_WAIT_SECONDS = 0.1
LONGEST_WAIT_SECONDS = 5.0


class Listener:
    """Calls `heard` with what is published, and `subscribed` each time listening begins: what was published before
    that moment was missed. Redis may be away or be replaced at any time: `outage` is how that is told."""

    def __init__(
        self,
        redis: Redis,
        channel: str,
        *,
        heard: Callable[[bytes | str], None],
        subscribed: Callable[[], None],
        outage: str,
    ) -> None:
        self._redis = redis
        self._channel = channel
        self._heard = heard
        self._subscribed = subscribed
        self._outage = Outage(outage)
        self._wait_seconds = SHORTEST_WAIT_SECONDS

    async def run(self) -> NoReturn:
        """Listen until cancelled."""
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await self._listen(pubsub)
            except (RedisError, OSError, TimeoutError) as e:
                self._outage.met(e)
            await asyncio.sleep(self._wait_seconds * random.uniform(0.5, 1))
            self._wait_seconds = min(2 * self._wait_seconds, LONGEST_WAIT_SECONDS)

    async def _listen(self, pubsub: PubSub) -> NoReturn:
        """Raises redis errors, or TimeoutError if Redis does not even answer a ping."""
        async with asyncio.timeout(SILENCE_SECONDS):
            await pubsub.subscribe(self._channel)
        asked = False
        while True:
            message = await pubsub.get_message(timeout=SILENCE_SECONDS)
            if message is not None:
                asked = False
                self._take(message)
            elif asked:
                raise TimeoutError("Redis has fallen silent")
            else:
                await pubsub.ping()
                asked = True

    def _take(self, message: dict[str, object]) -> None:
        if message["type"] == "subscribe":  # also after the client has reconnected by itself
            self._outage.over()
            self._wait_seconds = SHORTEST_WAIT_SECONDS
            self._subscribed()
        elif message["type"] == "message":
            data = message["data"]
            if isinstance(data, bytes | str):
                self._heard(data)
