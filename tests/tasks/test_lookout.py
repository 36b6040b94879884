"""Workers without a queue: they look for work themselves."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from mailing import jobs
from mailing.embedded.valkey import ValkeyServer
from mailing.jobs import Job
from mailing.mailings.service import create_mailing
from mailing.provider.fake import FakeProvider, Scenario
from mailing.settings import Settings
from tasks import lookout as lookout_module
from tasks.broker import make_broker
from tasks.lookout import Lookout
from tasks.sending import through
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact, assert_provider_has_exactly_what_is_sent
from tests.delivery.conftest import counts, has_status, new_mailing
from tests.delivery.stories import Clients, has_sent
from tests.tasks.conftest import LONG_SECONDS, StartWorker, sweep_until
from tests.waiting import until


@pytest.fixture
def mortal_valkey(server_dir: Path) -> Iterator[ValkeyServer]:
    """A Valkey that a test may stop."""
    server = ValkeyServer(server_dir / "mortal-valkey", persistent=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def mortal_queue(database: None, mortal_valkey: ValkeyServer) -> AsyncIterator[None]:
    """Jobs of this process, the scheduler of these stories, go to that Valkey."""
    broker = make_broker(mortal_valkey.url)
    jobs.send_through(through(broker))
    yield
    jobs.send_through(None)
    broker.close()


@pytest.mark.usefixtures("mortal_queue")
async def test_mailings_go_on_and_new_ones_begin_while_the_queue_is_away(
    start_worker: StartWorker, mortal_valkey: ValkeyServer, provider: FakeProvider, settings: Settings, clients: Clients
) -> None:
    # Given two workers in the middle of a mailing that takes some of their turns
    await clients(1_500)
    await provider.set_scenario(Scenario(latency_ms=100))
    changes = {"REDIS_URL": mortal_valkey.url, "PUMP_TURN_SECONDS": 1, "PUMP_CONCURRENCY": 16, "PUMP_SLOTS": 2}
    changes |= {"DRAIN_SECONDS": LONG_SECONDS}
    workers = [await start_worker(**changes) for _ in range(2)]
    first = await create_mailing(new_mailing())
    await sweep_until(settings, lambda: has_sent(first.id, 100))

    # When
    mortal_valkey.stop()
    second = await create_mailing(new_mailing(operator_codes=("901",)))
    await sweep_until(settings, lambda: has_status(second.id, "FINISHED"))
    await sweep_until(settings, lambda: has_status(first.id, "FINISHED"))

    # Then
    assert await counts(first.id) == {"sent": 1_500}
    assert await counts(second.id) == {"sent": 150}
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_accounts_are_exact()
    for worker in workers:
        assert worker.logged().count('"queue.away"') == 1, worker.logged()
        assert "Consumer encountered" not in worker.logged(), worker.logged()

    # And when it is back
    mortal_valkey.start()
    third = await create_mailing(new_mailing(operator_codes=("902",)))
    await sweep_until(settings, lambda: has_status(third.id, "FINISHED"))
    for worker in workers:
        await until(lambda worker=worker: '"queue.away.over"' in worker.logged())
        assert await worker.stop() == 0, worker.logged()


@pytest.mark.usefixtures("mortal_queue")
async def test_a_worker_that_is_stopped_without_a_queue_leaves_nothing_in_its_hands(
    start_worker: StartWorker, mortal_valkey: ValkeyServer, provider: FakeProvider, settings: Settings,
    clients: Clients, sql: Sql,
) -> None:  # fmt: skip
    # Given
    await clients(3_000)
    await provider.set_scenario(Scenario(latency_ms=100))
    worker = await start_worker(
        REDIS_URL=mortal_valkey.url, PUMP_TURN_SECONDS=0.5, PUMP_CONCURRENCY=8, DRAIN_SECONDS=LONG_SECONDS
    )
    mailing = await create_mailing(new_mailing())
    await sweep_until(settings, lambda: has_sent(mailing.id, 10))
    mortal_valkey.stop()
    began = (await counts(mailing.id))["sent"]
    await sweep_until(settings, lambda: has_sent(mailing.id, began + 300))

    # When
    status = await worker.stop()

    # Then
    assert status == 0, worker.logged()
    assert await sql("SELECT count(*) AS n FROM message WHERE status = 'SENDING'") == [{"n": 0}]
    assert await sql("SELECT count(*) AS n FROM delivery_slot WHERE token IS NOT NULL") == [{"n": 0}]
    await assert_provider_has_exactly_what_is_sent(provider)


class Deeds:
    """Actions that wait for the test."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.may_end = asyncio.Event()

    async def pump(self, mailing_id: int) -> None:
        self.begun.append(mailing_id)
        await self.may_end.wait()


async def test_no_more_jobs_run_here_than_there_is_room_for(redis: "Redis") -> None:
    # Given
    deeds = Deeds()
    lookout = Lookout(redis, {"mailing.pump": deeds.pump}, most=2)

    # When
    for mailing_id in (1, 2, 3):
        await lookout.take(Job("mailing.pump", mailing_id))
    await until(lambda: len(deeds.begun) == 2)

    # Then
    deeds.may_end.set()
    await lookout.stop()
    assert deeds.begun == [1, 2]


async def test_a_job_that_fails_is_told_and_the_next_is_done(redis: "Redis") -> None:
    # Given
    deeds = Deeds()
    deeds.may_end.set()

    async def fail(_: int) -> None:
        raise ValueError("a bug")

    lookout = Lookout(redis, {"mailing.start": fail, "mailing.pump": deeds.pump}, most=1)

    # When
    with capture_logs() as logs:
        await lookout.take(Job("mailing.start", 7))
        await lookout.stop()
    await lookout.take(Job("mailing.pump", 8))
    await lookout.stop()

    # Then
    assert [line["event"] for line in logs] in ([], ["lookout.job_failed"])
    assert deeds.begun == [8]


async def test_what_has_nothing_to_write_is_cut_short_when_the_worker_stops(redis: "Redis") -> None:
    # Given
    deeds = Deeds()
    lookout = Lookout(redis, {"mailing.start": deeds.pump}, most=2)
    await lookout.take(Job("mailing.start", 7))
    await lookout.take(Job("mailing.start", 8, delay=timedelta(minutes=1)))
    await until(lambda: deeds.begun == [7])

    # When
    async with asyncio.timeout(30):  # One of them would go on for ever, and the other begin in a minute.
        await lookout.stop()

    # Then
    assert deeds.begun == [7]


async def test_nothing_is_looked_for_while_the_queue_answers(redis: "Redis", monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    asked: list[int] = []

    async def wake(limit: int) -> list[int]:
        asked.append(limit)
        return []

    for name in ("wake_selections", "wake_senders", "wake_removals"):
        monkeypatch.setattr(lookout_module, name, wake)
    monkeypatch.setattr(lookout_module, "LOOK_SECONDS", 0.01)
    lookout = Lookout(redis, {}, most=2)

    # When
    lookout.start()
    await asyncio.sleep(0.2)
    await lookout.stop()

    # Then
    assert asked == []


async def test_work_is_looked_for_while_the_queue_answers_but_takes_no_jobs(
    redis: "Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    looked, looks = asyncio.Event(), 0

    async def wake(limit: int) -> list[int]:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise ValueError("a bug")  # It does not end the looking.
        looked.set()
        return []

    for name in ("wake_selections", "wake_senders", "wake_removals"):
        monkeypatch.setattr(lookout_module, name, wake)
    monkeypatch.setattr(lookout_module, "LOOK_SECONDS", 0.01)
    lookout = Lookout(redis, {}, most=2)
    await redis.config_set("maxmemory", 1)

    # When
    lookout.start()

    # Then
    try:
        async with asyncio.timeout(60):  # Rendering the bug's traceback alone takes seconds on a busy machine.
            await looked.wait()
    finally:
        await redis.config_set("maxmemory", 0)
        await lookout.stop()
