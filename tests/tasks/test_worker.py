"""The worker as a process: a mailing from end to end, and what is left when it is stopped or killed."""

from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from mailing.mailings.service import create_mailing
from mailing.provider.fake import FakeProvider, Scenario
from mailing.settings import Settings
from tasks.worker import dead_threads
from tests.conftest import Sql
from tests.delivery.accounts import (
    assert_accounts_are_exact,
    assert_every_try_is_noted,
    assert_provider_has_exactly_what_is_sent,
)
from tests.delivery.conftest import counts, has_status, new_mailing
from tests.delivery.stories import Clients, has_sent
from tests.tasks.conftest import LONG_SECONDS, StartWorker, sweep_until

pytestmark = pytest.mark.usefixtures("queue")

HELD = """
    SELECT (SELECT count(*) FROM message WHERE status = 'SENDING') AS messages,
           (SELECT count(token) FROM delivery_slot) AS slots
"""


async def test_a_worker_sends_a_mailing_and_ends_when_it_is_told_to(
    start_worker: StartWorker, provider: FakeProvider, settings: Settings, clients: Clients
) -> None:
    # Given
    await clients(300)
    worker = await start_worker(DRAIN_SECONDS=LONG_SECONDS)

    # When
    mailing = await create_mailing(new_mailing())
    await sweep_until(settings, lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"sent": 300}
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_accounts_are_exact()
    assert await worker.stop() == 0, worker.logged()
    assert "worker.stopped" in worker.logged()


async def test_a_worker_that_is_stopped_on_the_way_leaves_nothing_in_its_hands(
    start_worker: StartWorker, provider: FakeProvider, settings: Settings, clients: Clients, sql: Sql
) -> None:
    # Given a provider that is slow, and sometimes never answers
    await clients(3_000)
    await provider.set_scenario(Scenario(seed=4, latency_ms=150, hang_share=0.05))
    mailing = await create_mailing(new_mailing())
    worker = await start_worker(PROVIDER_TIMEOUT_SECONDS=2, DRAIN_SECONDS=LONG_SECONDS)
    await sweep_until(settings, lambda: has_sent(mailing.id, 200))

    # When
    status = await worker.stop()

    # Then
    assert status == 0, worker.logged()
    assert await sql(HELD) == [{"messages": 0, "slots": 0}], worker.logged()
    left = await counts(mailing.id)
    assert left.keys() == {"sent", "pending"}
    assert left["sent"] == provider.ledger.unique
    assert sum(left.values()) == 3_000
    assert await sql("SELECT DISTINCT outcome FROM delivery_attempt ORDER BY outcome") == [
        {"outcome": "ACCEPTED"},
        {"outcome": "UNANSWERED"},
    ]
    assert await sql("SELECT count(*) AS n FROM message WHERE crashes > 0") == [{"n": 0}]
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


async def test_a_database_that_hangs_does_not_keep_a_worker_from_ending(
    start_worker: StartWorker, provider: FakeProvider, settings: Settings, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(1_000)
    await provider.set_scenario(Scenario(latency_ms=100))
    mailing = await create_mailing(new_mailing())
    worker = await start_worker(DRAIN_SECONDS=4, PUMP_CONCURRENCY=8)
    await sweep_until(settings, lambda: has_sent(mailing.id, 1))
    outside = await asyncpg.connect(settings.database_url)

    # When it would hang for ever
    async with outside.transaction():
        await outside.execute("LOCK TABLE message IN EXCLUSIVE MODE")
        status = await worker.stop()
    await outside.close()

    # Then what it held waits for the rescue
    assert status == 1, worker.logged()
    assert "worker.cut_short" in worker.logged()
    left = await counts(mailing.id)
    assert left["sending"] > 0
    assert sum(left.values()) == 1_000


async def test_a_worker_that_is_killed_loses_nothing(
    start_worker: StartWorker, provider: FakeProvider, settings: Settings, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(5_000)
    await provider.set_scenario(Scenario(latency_ms=50))
    mailing = await create_mailing(new_mailing())
    victim = await start_worker()
    await sweep_until(settings, lambda: has_sent(mailing.id, 500))

    # When
    await victim.kill()
    (held,) = await sql(HELD)
    await provider.set_scenario(Scenario())
    await start_worker()
    await sweep_until(settings, lambda: has_status(mailing.id, "FINISHED"))

    # Then everyone was texted once, and only what the victim had in flight was asked about again
    assert held["messages"] > 0
    assert await counts(mailing.id) == {"sent": 5_000}
    await assert_provider_has_exactly_what_is_sent(provider)
    assert await sql("SELECT outcome, count(*) AS n FROM delivery_attempt GROUP BY 1 ORDER BY 1") == [
        {"outcome": "ACCEPTED", "n": 5_000},
        {"outcome": "LOST", "n": held["messages"]},
    ]
    assert provider.ledger.repeated <= held["messages"]
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


@pytest.mark.parametrize(
    "away", [{"DATABASE_URL": "postgres://somebody:secret@127.0.0.1:9/none"}, {"REDIS_URL": "redis://127.0.0.1:9/0"}]
)
async def test_a_worker_without_its_servers_does_not_start(start_worker: StartWorker, away: dict[str, Any]) -> None:
    # When
    worker = await start_worker(**away)

    # Then
    assert await worker.ended(60) == 1
    (line,) = worker.logged().splitlines()
    assert "worker.cannot_start" in line
    assert "secret" not in line


def test_a_thread_that_is_no_longer_alive_is_found() -> None:
    # Given
    def thread(name: str, alive: bool) -> Any:
        return SimpleNamespace(name=name, is_alive=lambda: alive)

    worker: Any = SimpleNamespace(
        consumers={"mailing": thread("consumer", False), "mailing.DQ": thread("delayed", True)},
        workers=[thread("one", True), thread("two", False)],
    )

    # Then
    assert dead_threads(worker) == ["consumer", "two"]
