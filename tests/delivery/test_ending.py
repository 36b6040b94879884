"""How a mailing ends: exactly at its end, with every message accounted for."""

from datetime import UTC, datetime, timedelta

from mailing.db import orm
from mailing.mailings.service import create_mailing, pause_mailing
from mailing.provider.fake import FakeProvider, Scenario
from tests.conftest import Sql
from tests.delivery.accounts import (
    assert_accounts_are_exact,
    assert_every_try_is_noted,
    assert_provider_has_exactly_what_is_sent,
    watched,
)
from tests.delivery.conftest import Worker, counts, has_status, new_mailing, run_mailing
from tests.delivery.stories import Clients, has_sent, work_slowly


async def database_now() -> datetime:
    now: datetime = await orm.fetch_value("SELECT clock_timestamp()")
    return now


async def test_no_request_leaves_after_the_end_and_what_is_in_doubt_is_unconfirmed(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given a provider that is slow, and sometimes never answers
    await clients(400)
    work_slowly(worker, concurrency=8)
    await provider.set_scenario(Scenario(seed=3, latency_ms=(100, 300), hang_share=0.2))
    ends_at = await database_now() + timedelta(seconds=1.5)

    # When
    mailing = await create_mailing(new_mailing(ends_at=ends_at))
    async with watched(worker.settings, mailing.id):
        await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    (last,) = await sql("SELECT max(started_at) AS started_at FROM delivery_attempt")
    assert last["started_at"] < ends_at
    assert max(entry.arrived_at for entry in provider.ledger.entries()) < ends_at.timestamp() + 0.1
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
