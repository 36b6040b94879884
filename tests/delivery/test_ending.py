"""How a mailing ends: exactly at its end, with every message accounted for."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from mailing.db import orm
from mailing.db.locks import lock_mailing_structure
from mailing.db.unit_of_work import unit_of_work
from mailing.delivery.ending import expire, finish_if_done
from mailing.delivery.removal import remove_deleted
from mailing.delivery.selection import select_audience
from mailing.delivery.start import start_if_due
from mailing.delivery.sweep import sweep
from mailing.mailings.service import create_mailing, delete_mailing, pause_mailing, update_mailing
from mailing.mailings.validation import MailingChanges
from mailing.provider.fake import FakeProvider, Scenario
from mailing.settings import Settings
from tests.conftest import Sql
from tests.delivery.accounts import (
    assert_accounts_are_exact,
    assert_every_try_is_noted,
    assert_provider_has_exactly_what_is_sent,
    watched,
)
from tests.delivery.conftest import Worker, counts, has_status, new_mailing, run_mailing
from tests.delivery.departures import Departures, departures
from tests.delivery.stories import Clients, has_sent, work_slowly

__all__ = ["departures"]  # a fixture


async def database_now() -> datetime:
    now: datetime = await orm.fetch_value("SELECT clock_timestamp()")
    return now


async def test_no_request_leaves_after_the_end_and_what_is_in_doubt_is_unconfirmed(
    worker: Worker, provider: FakeProvider, clients: Clients, departures: Departures, sql: Sql
) -> None:
    # Given a provider that is slow, and sometimes never answers
    await clients(400)
    work_slowly(worker, concurrency=8)
    await provider.set_scenario(Scenario(seed=3, latency_ms=(300, 600), hang_share=0.2))

    # When its end comes in the middle of a mailing
    mailing = await create_mailing(new_mailing())
    async with watched(worker.settings, mailing.id):
        await worker.until(lambda: has_sent(mailing.id, 1))
        ends_at = await database_now() + timedelta(seconds=2)
        await update_mailing(mailing.id, MailingChanges(ends_at=ends_at))
        edited_at = time.monotonic()
        await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    began = {row["message_id"]: row["started_at"] for row in await sql("SELECT * FROM delivery_attempt")}
    assert max(began.values()) < ends_at
    known = [one for one in departures.knowing(edited_at) if one.message.id in began]
    assert {began[one.message.id] + timedelta(seconds=one.leave_within) for one in known} <= {ends_at}
    ended = await counts(mailing.id)
    assert ended.keys() == {"sent", "unconfirmed", "expired"}
    assert sum(ended.values()) == 400
    assert ended["sent"] == provider.ledger.unique
    assert await sql("SELECT ended_at IS NOT NULL AS ended, closed_as FROM mailing") == [
        {"ended": True, "closed_as": "EXPIRED"}
    ]
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


async def test_nothing_is_written_to_the_messages_that_expire(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given a mailing that is paused before it has sent everything
    await clients(300)
    work_slowly(worker)
    await provider.set_scenario(Scenario(latency_ms=10))
    mailing = await create_mailing(new_mailing())
    await worker.until(lambda: has_sent(mailing.id, 1))
    await pause_mailing(mailing.id)
    await worker.idle()
    before = await sql("SELECT ctid::text, xmin::text FROM message ORDER BY id")

    # When its end comes
    await sql("UPDATE mailing SET ends_at = now()")
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await sql("SELECT ctid::text, xmin::text FROM message ORDER BY id") == before
    assert await counts(mailing.id) == {"sent": provider.ledger.unique, "expired": 300 - provider.ledger.unique}
    await assert_accounts_are_exact()


async def test_a_retry_that_would_come_after_the_end_expires_the_message_at_once(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(10)
    await provider.set_scenario(Scenario(throttle_share=1, retry_after_seconds=3_600))

    # When
    mailing = await run_mailing(worker, ends_at=datetime.now(UTC) + timedelta(minutes=30))

    # Then it did not wait for the end
    assert await counts(mailing.id) == {"expired": 10}
    assert await sql("SELECT DISTINCT status, reason, attempts FROM message") == [
        {"status": "EXPIRED", "reason": "HTTP 429", "attempts": 1}
    ]
    assert await sql("SELECT closed_as FROM mailing") == [{"closed_as": None}]
    await assert_accounts_are_exact()


async def test_a_mailing_that_nobody_came_to_start_in_time_ends_with_everyone_expired(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given
    await clients(50)
    worker.asleep = True
    now = datetime.now(UTC)

    # When
    mailing = await create_mailing(new_mailing(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1)))
    worker.asleep = False
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"expired": 50}
    assert provider.ledger.requests == 0
    await assert_accounts_are_exact()


async def test_a_mailing_with_nobody_to_text_finishes(worker: Worker) -> None:
    mailing = await run_mailing(worker, tags=("nobody",))
    assert await counts(mailing.id) == {}


@asynccontextmanager
async def busy(mailing_id: int) -> AsyncIterator[None]:
    """Somebody changes the mailing's audience for the length of a block."""
    has_it, may_end = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with unit_of_work():
            await lock_mailing_structure(mailing_id)
            has_it.set()
            await may_end.wait()

    holding = asyncio.get_running_loop().create_task(hold(), context=Context())
    await has_it.wait()
    try:
        yield
    finally:
        may_end.set()
        await holding


@pytest.mark.usefixtures("forget_jobs")
async def test_a_mailing_that_is_busy_ends_a_sweep_later_and_holds_up_no_other(
    settings: Settings, clients: Clients, sql: Sql
) -> None:
    # Given two mailings past their end, and two that are done
    audiences: tuple[tuple[str, ...], ...] = ((), (), ("nobody",), ("nobody",))
    ids = [(await create_mailing(new_mailing(tags=tags))).id for tags in audiences]
    await clients(10)
    for mailing_id in ids:
        await start_if_due(mailing_id, slots=1)
        await select_audience(mailing_id)
    await sql("UPDATE mailing SET ends_at = now() WHERE id <= $1", ids[1])
    await sql("UPDATE mailing SET status = 'RUNNING', ended_at = NULL WHERE id > $1", ids[1])

    async def statuses() -> list[str]:
        return [row["status"] for row in await sql("SELECT status FROM mailing ORDER BY id")]

    # When the first of each kind is busy
    async with busy(ids[0]), busy(ids[2]), asyncio.timeout(5):
        await sweep(settings)
        await expire(ids[0])
        await finish_if_done(ids[2])
        assert await statuses() == ["RUNNING", "FINISHED", "RUNNING", "FINISHED"]
    await sweep(settings)

    # Then
    assert await statuses() == ["FINISHED"] * 4
    assert await counts(ids[0]) == {"expired": 10}
    await assert_accounts_are_exact()


def milestones(logs: list[dict[str, object]], mailing_id: int) -> list[dict[str, object]]:
    """What was logged of the mailing's life by the engine, without the lines of those who steer it and of messages."""
    steered = ("mailing.created", "mailing.paused", "mailing.deleted")
    of_it = [entry for entry in logs if entry.get("mailing_id") == mailing_id and entry["log_level"] == "info"]
    return [
        {name: value for name, value in entry.items() if name not in ("log_level", "mailing_id", "timestamp")}
        for entry in of_it
        if str(entry["event"]).startswith("mailing.") and entry["event"] not in steered
    ]


async def test_the_life_of_a_mailing_is_in_the_log_one_line_for_each_milestone(
    worker: Worker, clients: Clients
) -> None:
    # Given
    await clients(20)

    # When jobs come twice
    with capture_logs() as logs:
        mailing = await run_mailing(worker)
        await worker.idle()
        await worker.sweep()
        await delete_mailing(mailing.id)
        await asyncio.gather(remove_deleted(mailing.id), remove_deleted(mailing.id))
        await worker.idle()

    # Then
    assert milestones([*map(dict, logs)], mailing.id) == [
        {"event": "mailing.started"},
        {"event": "mailing.audience_selected", "messages": 20},
        {"event": "mailing.finished"},
        {"event": "mailing.removed"},
    ]


@pytest.mark.usefixtures("forget_jobs")
async def test_the_end_of_a_mailing_that_expires_is_in_the_log(settings: Settings, clients: Clients, sql: Sql) -> None:
    # Given
    await clients(20)
    mailing = await create_mailing(new_mailing())
    with capture_logs() as logs:
        await start_if_due(mailing.id, slots=1)
        await sql("UPDATE mailing SET ends_at = now()")

        # When its end comes before its audience is selected
        for _ in range(2):
            await sweep(settings)
        await select_audience(mailing.id)
        await sweep(settings)

    # Then
    assert milestones([*map(dict, logs)], mailing.id) == [
        {"event": "mailing.started"},
        {"event": "mailing.expired"},
        {"event": "mailing.audience_selected", "messages": 20},
        {"event": "mailing.finished"},
    ]


@pytest.mark.usefixtures("forget_jobs")
async def test_a_start_that_is_rolled_back_is_not_in_the_log(database: None) -> None:
    # Given
    mailing = await create_mailing(new_mailing())

    # When
    with capture_logs() as logs, contextlib.suppress(ZeroDivisionError):
        async with unit_of_work():
            await start_if_due(mailing.id, slots=1)
            _ = 1 / 0

    # Then
    assert logs == []
    assert await has_status(mailing.id, "SCHEDULED")
