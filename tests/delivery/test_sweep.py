"""The sweep: brings back to life whatever lost its wake-up, and does no harm when it runs twice."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from mailing.delivery import sweep as module
from mailing.delivery.selection import select_audience
from mailing.delivery.start import start_due, start_if_due
from mailing.delivery.sweep import sweep, tidy_up
from mailing.delivery.wake_queries import wake_pumps
from mailing.jobs import Job
from mailing.mailings.service import create_mailing, pause_mailing
from mailing.settings import Settings
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact
from tests.delivery.conftest import Worker, counts, has_status, new_mailing
from tests.delivery.stories import Clients


async def test_a_mailing_whose_wake_ups_were_all_lost_is_sent_all_the_same(
    worker: Worker, clients: Clients, sql: Sql
) -> None:
    # Given a queue that loses everything, while the sweep has sent its own wake-ups too
    await clients(50)
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    for _ in range(3):
        await worker.sweep()
        await sql("UPDATE mailing SET woken_at = now() - interval '6 seconds'")
    assert await counts(mailing.id) == {}

    # When
    worker.asleep = False
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"sent": 50}
    await assert_accounts_are_exact()


async def test_a_pump_whose_wake_up_was_lost_is_woken_again_after_some_seconds(
    clients: Clients, sql: Sql, sent_jobs: list[Job]
) -> None:
    # Given
    await clients(10)
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=3)
    await select_audience(mailing.id)

    # Then one wake-up for each free slot, and no more until they must be taken for lost
    assert await wake_pumps(100) == [mailing.id] * 3
    assert await wake_pumps(100) == []
    await sql("UPDATE delivery_slot SET woken_at = now() - interval '6 seconds'")
    assert await wake_pumps(2) == [mailing.id] * 2


async def test_nobody_is_woken_for_what_must_not_be_sent(clients: Clients, sql: Sql, forget_jobs: None) -> None:
    # Given
    await clients(10)
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=2)
    await select_audience(mailing.id)
    conditions = (
        "UPDATE mailing SET status = 'PAUSED'",
        "UPDATE mailing SET ends_at = now()",
        "UPDATE mailing SET recheck_cursor = 0",
        "UPDATE message SET due_at = now() + interval '1 minute'",
    )

    # Then
    for condition in conditions:
        (before,) = await sql("SELECT status, ends_at, recheck_cursor FROM mailing")
        await sql(condition)
        assert await wake_pumps(100) == [], condition
        await sql("UPDATE mailing SET status = $1, ends_at = $2, recheck_cursor = $3", *before.values())
        await sql("UPDATE message SET due_at = now()")
    assert len(await wake_pumps(100)) == 2


async def test_many_sweeps_at_once_start_each_mailing_once(sql: Sql, sent_jobs: list[Job]) -> None:
    # Given
    ids = [(await create_mailing(new_mailing())).id for _ in range(20)]
    sent_jobs.clear()

    # When
    started = await asyncio.gather(*(start_due(slots=2) for _ in range(4)))

    # Then
    assert sum(started) == 20
    assert sorted(job.mailing_id for job in sent_jobs) == ids
    assert await sql("SELECT count(*) AS n FROM delivery_slot") == [{"n": 40}]
    assert await sql("SELECT DISTINCT status, revision FROM mailing") == [{"status": "RUNNING", "revision": 2}]


async def test_a_mailing_is_not_started_before_its_time(sql: Sql, sent_jobs: list[Job]) -> None:
    # Given
    await create_mailing(new_mailing(starts_at=datetime.now(UTC) + timedelta(minutes=30)))

    # Then
    assert await start_due(slots=2) == 0
    assert sent_jobs == []


async def test_a_step_that_fails_does_not_keep_the_others_from_their_turn(
    settings: Settings, clients: Clients, sql: Sql, forget_jobs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    async def fail(*_: object) -> None:
        raise ConnectionResetError

    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=1)
    await sql("UPDATE mailing SET ends_at = now()")
    monkeypatch.setattr(module, "start_due", fail)
    monkeypatch.setattr(module, "wake_pumps", fail)

    # When
    await sweep(settings)

    # Then
    assert await sql("SELECT closed_as FROM mailing") == [{"closed_as": "EXPIRED"}]


async def test_a_paused_mailing_ends_when_its_end_comes(worker: Worker, clients: Clients, sql: Sql) -> None:
    # Given
    await clients(5)
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=1)
    await pause_mailing(mailing.id)

    # When
    await sql("UPDATE mailing SET ends_at = now()")
    worker.asleep = False
    await sql("UPDATE mailing SET woken_at = NULL")
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"expired": 5}
    await assert_accounts_are_exact()


async def test_tidying_up_forgets_old_tallies_only(sql: Sql) -> None:
    # Given
    await sql("INSERT INTO mailing_tally VALUES (1, now() - interval '2 hours', 0, 5), (1, now(), 0, 7)")

    # When
    await tidy_up()

    # Then
    assert await sql("SELECT sent FROM mailing_tally") == [{"sent": 7}]
