"""Real worker processes: `python -m mailing worker` against this test process's servers."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis

from mailing import jobs
from mailing.delivery.sweep import sweep
from mailing.provider.fake import FakeProvider
from mailing.settings import Settings
from tasks.broker import make_broker
from tasks.sending import through
from tests.backends import as_another, until_left
from tests.delivery.conftest import clients
from tests.waiting import until

__all__ = ["clients"]  # a fixture of those stories that these tests tell with processes

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class WorkerProcess:
    """One `mailing worker`, and what it logs."""

    process: asyncio.subprocess.Process
    database_url: str
    log: Path

    def logged(self) -> str:
        return self.log.read_text()

    async def kill(self) -> None:
        """SIGKILL, unless it has ended; and what it last told the database is over, too."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        await until_left(self.database_url)

    async def stop(self) -> int:
        """SIGTERM: the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self, seconds: float = 30) -> int:
        async with asyncio.timeout(seconds):
            return await self.process.wait()


LONG_SECONDS = 90
"""For a drain that would outlast `ended`: who has ended has not waited for it to be over."""

StartWorker = Callable[..., Awaitable[WorkerProcess]]


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    """A provider that takes everything until it is told otherwise."""
    async with FakeProvider() as fake:
        yield fake


@pytest.fixture
async def start_worker(
    settings: Settings, database: None, provider: FakeProvider, tmp_path: Path
) -> AsyncIterator[StartWorker]:
    """Starts a worker process; other settings may be given by their variables' names without the prefix.

    Returns once it is at work, or has ended.
    """
    started: list[WorkerProcess] = []

    async def start(**changes: object) -> WorkerProcess:
        assert settings.database_url is not None
        database_url = await as_another(settings.database_url)
        values: dict[str, object] = {
            "DATABASE_URL": database_url,
            "REDIS_URL": settings.redis_url,
            "PROVIDER_URL": provider.url,
            "PROVIDER_TIMEOUT_SECONDS": 3,
            "LEASE_SECONDS": 8,
            "DRAIN_SECONDS": 4.5,
            "RETRY_BASE_SECONDS": 0.05,
            "RETRY_CAP_SECONDS": 0.2,
        } | changes
        environment = os.environ | {f"MAILING_{name}": str(value) for name, value in values.items()}
        log = tmp_path / f"worker-{len(started)}.log"
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "mailing", "worker", "--data-dir", str(tmp_path)),
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=out,
            )
        worker = WorkerProcess(process, database_url, log)
        started.append(worker)
        await until(lambda: worker.process.returncode is not None or '"worker.started"' in worker.logged(), seconds=60)
        return worker

    yield start
    for worker in started:
        await worker.kill()


@pytest.fixture
async def queue(database: None, redis: "Redis", settings: Settings) -> AsyncIterator[None]:
    """Jobs of this process go to the real queue."""
    assert settings.redis_url is not None
    broker = make_broker(settings.redis_url)
    jobs.send_through(through(broker))
    yield
    jobs.send_through(None)
    broker.close()


async def sweep_until(settings: Settings, what: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Sweep, as the scheduler does, until something is so."""
    async with asyncio.timeout(seconds):
        while not await what():
            await sweep(settings)
            await asyncio.sleep(0.05)
