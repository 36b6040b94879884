"""What the actors of a worker process share: made when the worker boots, on the event loop that runs the actors."""

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis

from mailing import jobs
from mailing.db import orm
from mailing.delivery.engine import Engine, make_engine
from mailing.progress.announce import announce_through
from mailing.progress.publisher import ProgressPublisher
from mailing.provider.http import HttpProvider
from mailing.settings import Settings


@dataclass(slots=True)
class Runtime:
    """Connections and limits of one worker process."""

    settings: Settings
    engine: Engine
    redis: Redis
    publisher: ProgressPublisher

    @classmethod
    async def open(cls, settings: Settings, send: jobs.Send) -> "Runtime":
        """Connect. Raises what the database or Redis raises where it does not answer.

        Once it runs, it outlives an outage of either; but it does not begin with one, so that a wrong address shows.
        """
        await orm.connect(settings)
        await orm.fetch("SELECT 1")
        assert settings.redis_url is not None, "the command line checks it"
        redis = Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=2)
        await redis.ping()
        publisher = ProgressPublisher(redis)
        announce_through(publisher.touch)
        jobs.send_through(send)
        return cls(settings, make_engine(settings, HttpProvider(settings)), redis, publisher)

    async def close(self) -> None:
        """Publish what is still to be published, and disconnect."""
        announce_through(None)
        jobs.send_through(None)
        await self.publisher.close()
        await self.redis.aclose()
        await self.engine.provider.close()
        await orm.disconnect()
        # Connections close in callbacks of the loop.
        await asyncio.sleep(0)
