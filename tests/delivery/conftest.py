"""A delivery engine in the test's own process: real database, real HTTP, and a provider that does as told."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from mailing import jobs
from mailing.db import orm
from mailing.delivery.engine import Engine, make_engine
from mailing.delivery.removal import remove_deleted
from mailing.delivery.start import start
from mailing.delivery.sweep import sweep
from mailing.delivery.turn import take_turn
from mailing.jobs import Job
from mailing.mailings.service import create_mailing
from mailing.mailings.validation import NewMailing
from mailing.models.mailing import Mailing
from mailing.provider.fake import FakeProvider
from mailing.provider.opening import open_provider
from mailing.settings import Settings

ZONES = ("Europe/Moscow", "Asia/Vladivostok", "Europe/Kaliningrad")
FIRST_PHONE = 79_000_000_000


@dataclass(slots=True)
class Worker:
    """Does jobs as a worker process would, without a queue between: each as soon as it is sent."""

    settings: Settings
    engine: Engine
    running: set[asyncio.Task[None]] = field(default_factory=set)
    done: list[str] = field(default_factory=list)
    asleep: bool = False
    """While set, jobs are lost, as they are with a queue that is wiped."""

    async def send(self, job: Job) -> None:
        if not self.asleep:
            task = asyncio.create_task(self._do(job))
            self.running.add(task)
            task.add_done_callback(self.running.discard)

    async def sweep(self) -> None:
        await sweep(self.settings)

    async def until(self, what: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
        """Sweep, as the scheduler does, until something is so. A job's exception comes out here."""
        ends = time.monotonic() + seconds
        while not await what():
            assert time.monotonic() < ends, f"not within {seconds} s"
            await self.sweep()
            if self.running:
                finished, _ = await asyncio.wait(self.running, timeout=0.05)
                for task in finished:
                    task.result()
            else:
                await asyncio.sleep(0.02)

    async def idle(self) -> None:
        """Wait for the jobs that are running."""
        while self.running:
            await asyncio.gather(*self.running)

    async def _do(self, job: Job) -> None:
        await asyncio.sleep(job.delay.total_seconds())
        if job.name == "mailing.start":
            await start(job.mailing_id, self.settings.pump_slots)
        elif job.name == "mailing.pump":
            await take_turn(self.engine, job.mailing_id)
        else:
            await remove_deleted(job.mailing_id)
        self.done.append(job.name)


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    """A provider that takes everything until it is told otherwise."""
    async with FakeProvider() as fake:
        yield fake


@pytest.fixture
async def worker(database: None, settings: Settings, provider: FakeProvider, redis: "Redis") -> AsyncIterator[Worker]:
    """A worker against `provider`."""
    own = settings.model_copy(update={"provider_url": provider.url})
    engine = make_engine(own, open_provider(own), redis)
    worker = Worker(own, engine)
    jobs.send_through(worker.send)
    engine.channel.start()
    yield worker
    jobs.send_through(None)
    engine.stopping = True
    await worker.idle()
    engine.limits.close()
    await engine.channel.stop()
    await engine.provider.close()


@pytest.fixture
def clients(database: None) -> Callable[[int], Awaitable[None]]:
    """Adds that many clients, their properties going round in circles."""

    async def add(count: int) -> None:
        await orm.fetch(
            """
            INSERT INTO client (phone, operator_code, tag, timezone)
            SELECT $2::bigint + i, (900 + i % 10)::text, (ARRAY['new', 'vip'])[1 + i % 2], ($3::text[])[1 + i % 3]
            FROM generate_series(1, $1::int) i
            """,
            count,
            FIRST_PHONE,
            list(ZONES),
        )

    return add


def new_mailing(**changes: Any) -> NewMailing:
    """A mailing to everyone that runs from now for an hour."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "text": "Hello",
        "starts_at": now - timedelta(seconds=1),
        "ends_at": now + timedelta(hours=1),
        "operator_codes": (),
        "tags": (),
        "window": None,
        "max_rate": None,
    }
    return NewMailing(**(values | changes))


async def run_mailing(worker: Worker, **changes: Any) -> Mailing:
    """Create a mailing and see it to its end."""
    mailing = await create_mailing(new_mailing(**changes))
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))
    return mailing


async def has_status(mailing_id: int, status: str) -> bool:
    return bool(await orm.fetch_value("SELECT status = $2 FROM mailing WHERE id = $1", mailing_id, status))


async def counts(mailing_id: int) -> dict[str, int]:
    """The counters of a mailing that are not zero."""
    row = await orm.fetch_one(
        """
        SELECT sum(pending)::int AS pending, sum(sending)::int AS sending, sum(sent)::int AS sent,
               sum(failed)::int AS failed, sum(expired)::int AS expired, sum(unconfirmed)::int AS unconfirmed,
               sum(cancelled)::int AS cancelled
        FROM message_count WHERE mailing_id = $1 AND dimension = ''
        """,
        mailing_id,
    )
    return {name: count for name, count in row.items() if count}


@pytest.fixture
def forget_jobs() -> None:
    """Jobs go nowhere."""
    jobs.send_through(None)
