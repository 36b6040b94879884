"""What the actors of a worker process share: made when the worker boots, on the event loop that runs the actors."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from redis.asyncio import Redis

from mailing import jobs, steering
from mailing.cancellation import end
from mailing.db import orm
from mailing.delivery.engine import Engine, make_engine
from mailing.delivery.removal import remove_deleted
from mailing.delivery.start import start
from mailing.delivery.turn import take_turn
from mailing.listener import Listener
from mailing.metrics.exposition import Role
from mailing.metrics.sending import IN_FLIGHT, PUMPS
from mailing.metrics.watched import Watched
from mailing.progress.announce import announce_through
from mailing.progress.publisher import ProgressPublisher
from mailing.provider.opening import open_provider
from mailing.settings import Settings
from tasks.lookout import Action, Lookout
from tasks.sharing import RESERVED_THREADS


@dataclass(slots=True)
class Runtime:
    """Connections and limits of one worker process."""

    settings: Settings
    engine: Engine
    redis: Redis
    publisher: ProgressPublisher
    actions: Mapping[str, Action]
    """What a worker does, by the name of the job. Every job may come late, twice or never."""
    lookout: Lookout
    listening: asyncio.Task[NoReturn]
    """Hears of mailings that were changed."""
    watched: Watched

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
        engine = make_engine(settings, open_provider(settings), redis)
        actions = _actions(settings, engine)
        lookout = Lookout(redis, actions, settings.worker_threads - RESERVED_THREADS)
        lookout.start()
        engine.channel.start()
        listening = asyncio.create_task(_listener(redis, engine).run())
        jobs.send_through(send, otherwise=lookout.take)
        watched = Watched(settings, Role.WORKER, partial(_look_at_engine, engine))
        await watched.start()
        return cls(settings, engine, redis, publisher, actions, lookout, listening, watched)

    async def close(self) -> None:
        """Publish what is still to be published, and disconnect."""
        await self.lookout.stop()
        await end(self.listening)
        self.engine.limits.close()
        await self.engine.channel.stop()
        announce_through(None)
        jobs.send_through(None)
        await self.publisher.close()
        await self.redis.aclose()
        await self.engine.provider.close()
        await self.watched.stop()
        await orm.disconnect()
        # Connections close in callbacks of the loop.
        await asyncio.sleep(0)


def _actions(settings: Settings, engine: Engine) -> Mapping[str, Action]:
    return {
        "mailing.start": partial(start, slots=settings.pump_slots),
        "mailing.pump": partial(take_turn, engine),
        "mailing.remove": remove_deleted,
    }


def _look_at_engine(engine: Engine) -> None:
    IN_FLIGHT.set(engine.turnstile.in_flight)
    PUMPS.set(engine.pumps)
    engine.limits.note_waits()


def _listener(redis: Redis, engine: Engine) -> Listener:
    def heard(data: bytes | str) -> None:
        if (mailing_id := steering.mailing_in(data)) is not None:
            engine.look_before_sending_on(mailing_id)

    # What is missed, pumps see with their next write.
    return Listener(redis, steering.CHANNEL, heard=heard, subscribed=lambda: None, outage="steering.not_heard")
