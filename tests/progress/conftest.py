"""A Valkey that a test may kill, and states made by hand."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from mailing.embedded.valkey import ValkeyServer
from mailing.models.mailing import MailingStatus
from mailing.progress.feed import ProgressFeed
from mailing.progress.snapshot import MailingProgress
from tests.waiting import until

Begin = Callable[[ProgressFeed], Awaitable[ProgressFeed]]

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def mortal(server_dir: Path, request: pytest.FixtureRequest) -> Iterator[ValkeyServer]:
    """A Valkey of this test alone."""
    server = ValkeyServer(server_dir / f"valkey-{abs(hash(request.node.name))}", persistent=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def quiet_valkey(server_dir: Path) -> Iterator[ValkeyServer]:
    """A Valkey that no API listens to, so that subscriptions can be counted."""
    server = ValkeyServer(server_dir / "valkey-of-progress", persistent=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def redis(quiet_valkey: ValkeyServer) -> AsyncIterator[Redis]:
    """A connection to that Valkey, empty."""
    client: Redis = Redis.from_url(quiet_valkey.url)
    await client.flushall()
    await until(lambda: subscriptions(client, 0))
    yield client
    await client.aclose()


@pytest.fixture
async def begin() -> AsyncIterator[Begin]:
    """Starts a feed. It does not listen on into the next test, whatever becomes of this one."""
    begun: list[ProgressFeed] = []

    async def begin(feed: ProgressFeed) -> ProgressFeed:
        begun.append(feed)
        await feed.start()
        return feed

    yield begin
    for feed in begun:
        await feed.stop()


@pytest.fixture
async def feed(redis: Redis, database: None, begin: Begin) -> ProgressFeed:
    """A feed that listens, on the empty database. It reads too seldom to be what tells a test anything."""
    feed = await begin(ProgressFeed(redis, refresh_seconds=3600))
    await until(lambda: subscriptions(redis, 1))
    return feed


def state(second: float = 0, mailing_id: int = 1, **fields: object) -> MailingProgress:
    """A state of a running mailing, so many seconds after the beginning, with that many messages sent."""
    progress = MailingProgress(
        mailing_id=mailing_id,
        status=MailingStatus.RUNNING,
        pending=0,
        sending=0,
        sent=int(second * 1000),
        failed=0,
        expired=0,
        unconfirmed=0,
        cancelled=0,
        messages_per_second=0.0,
        estimated_finish_at=None,
        updated_at=BEGIN + timedelta(seconds=second),
        selection_over=True,
        revision=1,
    )
    return replace(progress, **fields)  # type: ignore[arg-type]  # names and types are those of the fields


async def subscriptions(redis: Redis, count: int) -> bool:
    """Whether exactly so many connections listen to the channel."""
    return dict(await redis.pubsub_numsub("mailing:progress")) == {b"mailing:progress": count}


class Reader:
    """Follows a subscription in a task of its own and keeps what came, and when."""

    def __init__(self, states: AsyncGenerator[MailingProgress, None]) -> None:
        self.states: list[MailingProgress] = []
        self.moments: list[float] = []
        self.task = asyncio.create_task(self._read(states))

    async def _read(self, states: AsyncGenerator[MailingProgress, None]) -> None:
        async with aclosing(states):
            async for one in states:
                self.states.append(one)
                self.moments.append(time.monotonic())

    @property
    def sent(self) -> list[int]:
        return [one.sent for one in self.states]

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.wait({self.task})
