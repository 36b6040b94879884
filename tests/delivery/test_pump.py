"""The pump in trouble: a database that goes away, stalls or refuses, and a process that is told to stop."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from mailing.db import orm
from mailing.delivery import pump
from mailing.delivery.claim_queries import Standing, claim, record
from mailing.delivery.start import start
from mailing.delivery.turn import take_turn
from mailing.mailings.service import create_mailing
from mailing.provider.fake import FakeProvider, Scenario
from tests.conftest import Sql
from tests.delivery.accounts import (
    assert_accounts_are_exact,
    assert_every_try_is_noted,
    assert_provider_has_exactly_what_is_sent,
)
from tests.delivery.conftest import Worker, counts, has_status, new_mailing
from tests.delivery.stories import Clients, Held, has_sent, work_slowly
from tests.waiting import until

_END_ALL_CONNECTIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'mailing'
"""


async def until_over(worker: Worker, mailing_id: int, seconds: float = 60) -> None:
    """Sweep until it is FINISHED, whatever the database refuses meanwhile."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                if await has_status(mailing_id, "FINISHED"):
                    return
                await worker.sweep()
            except orm.DATABASE_ERRORS:
                pass
            await asyncio.sleep(0.02)


async def test_connections_that_are_cut_again_and_again_lose_nothing(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given
    await clients(800)
    work_slowly(worker, concurrency=8)
    worker.engine.pace = replace(worker.engine.pace, lease=timedelta(seconds=3), request_seconds=1)
    await provider.set_scenario(Scenario(latency_ms=30))
    mailing = await create_mailing(new_mailing())
    await worker.until(lambda: has_sent(mailing.id, 1))
    outside = await asyncpg.connect(worker.settings.database_url)

    # When
    for _ in range(5):
        await outside.execute(_END_ALL_CONNECTIONS)
        await asyncio.sleep(0.1)
    await outside.close()
    await until_over(worker, mailing.id)

    # Then
    assert await counts(mailing.id) == {"sent": 800}
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


async def test_while_results_cannot_be_written_nothing_new_is_sent_and_nothing_is_sent_twice(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given a database that answers no result for longer than the lease
    await clients(800)
    work_slowly(worker, concurrency=8, batch=100)
    worker.engine.pace = replace(worker.engine.pace, lease=timedelta(seconds=2.5), request_seconds=1)
    await provider.set_scenario(Scenario(latency_ms=30))
    mailing = await create_mailing(new_mailing())
    await worker.until(lambda: has_sent(mailing.id, 1))
    outside = await asyncpg.connect(worker.settings.database_url)

    # When
    async with outside.transaction():
        await outside.execute("LOCK TABLE message IN EXCLUSIVE MODE")
        held = await outside.fetchval("SELECT count(*) FROM message WHERE status = 'SENDING'")
        pending = await outside.fetchval("SELECT count(*) FROM message WHERE status = 'PENDING'")
        await asyncio.sleep(2.7)
        requests = provider.ledger.requests
    await outside.close()
    await until_over(worker, mailing.id)

    # Then no more left than had been claimed, and no more than that is in doubt
    assert requests <= 800 - pending
    assert await counts(mailing.id) == {"sent": 800}
    assert provider.ledger.repeated <= held
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


async def test_how_the_mailing_stands_is_asked_again_and_again_although_nothing_is_answered(
    worker: Worker, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given four times a second, and oftener here
    assert pump.FLUSH_SECONDS <= 0.25
    monkeypatch.setattr(pump, "FLUSH_SECONDS", 0.01)
    written: list[int] = []

    async def note(*args: Any) -> Standing | None:
        written.append(len(args[2]))
        return await record(*args)

    monkeypatch.setattr(pump, "record", note)
    await clients(50)
    held = Held(worker)

    # When
    mailing = await create_mailing(new_mailing())

    # Then
    await until(lambda: len(written) >= 5)
    assert set(written) == {0}
    held.may_go.set()
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))
    assert await counts(mailing.id) == {"sent": 50}


@pytest.mark.parametrize("error", [ConnectionResetError(), asyncpg.InternalClientError("another operation (2)")])
async def test_while_writing_fails_nothing_new_leaves_and_then_it_goes_on_where_it_was(
    worker: Worker,
    provider: FakeProvider,
    clients: Clients,
    sql: Sql,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    # Given a lease that lasts for as long as that takes
    await clients(200)
    work_slowly(worker, batch=200, lease=timedelta(minutes=1))
    await provider.set_scenario(Scenario(latency_ms=20))
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    await start(mailing.id, slots=1)
    requests: list[int] = []

    async def fail_for_a_while(*args: Any) -> Standing | None:
        if len(requests) < 5:
            requests.append(provider.ledger.requests)
            raise error
        return await record(*args)

    # When
    monkeypatch.setattr(pump, "record", fail_for_a_while)
    await take_turn(worker.engine, mailing.id)

    # Then after the first failure only what was in flight arrived
    assert requests[1] <= requests[0] + worker.engine.pace.concurrency
    assert requests[1:] == [requests[1]] * 4
    assert requests[1] < 200
    assert await counts(mailing.id) == {"sent": 200}
    assert provider.ledger.requests == 200
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


async def test_a_process_that_is_told_to_stop_finishes_what_is_in_flight_and_hands_back_the_rest(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(400)
    work_slowly(worker, batch=200)
    await provider.set_scenario(Scenario(latency_ms=100))
    mailing = await create_mailing(new_mailing())
    await worker.until(lambda: has_sent(mailing.id, 1))

    # When
    worker.engine.stopping = True
    await worker.idle()

    # Then
    sent = provider.ledger.unique
    assert await counts(mailing.id) == {"sent": sent, "pending": 400 - sent}
    assert await sql("SELECT status, attempts, uncertain FROM message GROUP BY 1, 2, 3 ORDER BY 1") == [
        {"status": "PENDING", "attempts": 0, "uncertain": False},
        {"status": "SENT", "attempts": 1, "uncertain": False},
    ]
    assert await sql("SELECT count(token) AS n FROM delivery_slot") == [{"n": 0}]
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


async def test_a_process_that_is_told_to_stop_cuts_off_what_is_not_answered_in_time(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given requests that would hang for ever
    await clients(50)
    work_slowly(worker, answers_seconds=0.2, batch=50)
    held = Held(worker)
    mailing = await create_mailing(new_mailing())
    worker.asleep = True
    await start(mailing.id, slots=1)
    turn = asyncio.create_task(take_turn(worker.engine, mailing.id))
    await until(lambda: held.requests == 4)

    # When
    worker.engine.stopping = True
    await turn

    # Then
    assert await sql("SELECT status, attempts, uncertain, count(*) AS n FROM message GROUP BY 1, 2, 3 ORDER BY 2") == [
        {"status": "PENDING", "attempts": 0, "uncertain": False, "n": 46},
        {"status": "PENDING", "attempts": 1, "uncertain": True, "n": 4},
    ]
    assert await sql("SELECT outcome, excerpt, count(*) AS n FROM delivery_attempt GROUP BY 1, 2") == [
        {"outcome": "UNANSWERED", "excerpt": None, "n": 4}
    ]
    assert await sql("SELECT count(token) AS n FROM delivery_slot") == [{"n": 0}]
    await assert_accounts_are_exact()


async def test_a_claim_whose_reply_was_lost_is_left_to_the_rescue(
    worker: Worker, clients: Clients, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    await clients(10)
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    await start(mailing.id, slots=1)

    async def lose_the_reply(*args: Any) -> None:
        await claim(*args)
        raise ConnectionResetError

    # When
    with monkeypatch.context() as patch:
        patch.setattr(pump, "claim", lose_the_reply)
        await take_turn(worker.engine, mailing.id)

    # Then the slot keeps what nobody knows of
    assert await counts(mailing.id) == {"sending": 10}
    assert await sql("SELECT count(token) AS n FROM delivery_slot") == [{"n": 1}]
    worker.asleep = False
    await sql("UPDATE delivery_slot SET leased_until = now() - interval '1 second'")
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))
    assert await counts(mailing.id) == {"sent": 10}
    await assert_accounts_are_exact()
