"""Pausing, resuming, cancelling and editing while messages are on their way."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest
from redis.asyncio import Redis

from mailing import steering
from mailing.db import orm
from mailing.delivery import pump
from mailing.delivery.wake_queries import wake_pumps
from mailing.listener import Listener
from mailing.mailings.service import (
    cancel_mailing,
    create_mailing,
    delete_mailing,
    pause_mailing,
    resume_mailing,
    update_mailing,
)
from mailing.mailings.validation import MailingChanges
from mailing.models.mailing import Mailing
from mailing.provider.fake import FakeProvider, Scenario
from tests.conftest import Sql
from tests.delivery.accounts import (
    assert_accounts_are_exact,
    assert_every_try_is_noted,
    assert_provider_has_exactly_what_is_sent,
    watched,
)
from tests.delivery.conftest import Worker, counts, has_status, new_mailing
from tests.delivery.departures import Departures, departures
from tests.delivery.stories import Clients, has_sent, work_slowly

__all__ = ["departures"]  # a fixture


async def under_way(worker: Worker, provider: FakeProvider, clients: Clients, latency_ms: int = 50) -> Mailing:
    """A mailing to 600 clients of which the first are sent; the rest takes the time of forty answers more."""
    await clients(600)
    work_slowly(worker)
    await provider.set_scenario(Scenario(latency_ms=latency_ms))
    mailing = await create_mailing(new_mailing())
    await worker.until(lambda: has_sent(mailing.id, 1))
    return mailing


async def test_a_pause_holds_until_it_is_resumed(
    worker: Worker, provider: FakeProvider, clients: Clients, departures: Departures
) -> None:
    # Given
    mailing = await under_way(worker, provider, clients)

    async with watched(worker.settings, mailing.id):
        # When
        await pause_mailing(mailing.id)
        paused_at = time.monotonic()
        await worker.idle()

        # Then nothing has left any more once its pump had looked
        sent = provider.ledger.unique
        assert departures.knowing(paused_at) == []
        assert await counts(mailing.id) == {"sent": sent, "pending": 600 - sent}
        assert await wake_pumps(100) == []

        # When
        await resume_mailing(mailing.id)
        await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"sent": 600}
    assert provider.ledger.requests == 600
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_accounts_are_exact()


async def test_cancelling_stops_at_once_and_what_was_in_flight_may_still_be_sent(
    worker: Worker, provider: FakeProvider, clients: Clients, departures: Departures, sql: Sql
) -> None:
    # Given
    mailing = await under_way(worker, provider, clients)

    async with watched(worker.settings, mailing.id):
        # When
        cancelled = await cancel_mailing(mailing.id)
        cancelled_at = time.monotonic()
        in_flight = await counts(mailing.id)
        await worker.idle()

    # Then
    assert (cancelled.status, cancelled.closed_as) == ("CANCELLED", "CANCELLED")
    assert cancelled.ended_at is not None
    assert "pending" not in in_flight
    sent = provider.ledger.unique
    assert departures.knowing(cancelled_at) == []
    assert await counts(mailing.id) == {"sent": sent, "cancelled": 600 - sent}
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_accounts_are_exact()

    # When
    await worker.sweep()
    await worker.idle()

    # Then it stays so
    assert provider.ledger.requests == sent
    assert await sql("SELECT count(*) AS n FROM delivery_slot WHERE token IS NOT NULL") == [{"n": 0}]


async def test_messages_not_yet_sent_get_the_new_text_and_attempts_tell_which(
    worker: Worker, provider: FakeProvider, clients: Clients, departures: Departures, sql: Sql
) -> None:
    # Given
    mailing = await under_way(worker, provider, clients)

    # When
    await update_mailing(mailing.id, MailingChanges(text="Good bye"))
    edited_at = time.monotonic()
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    entries = provider.ledger.entries()
    assert {entry.text for entry in entries} == {"Hello", "Good bye"}
    assert {one.message.text for one in departures.knowing(edited_at)} == {"Good bye"}
    rows = await sql(
        "SELECT message_id, text FROM delivery_attempt JOIN mailing_text ON version = text_version ORDER BY message_id"
    )
    assert [(row["message_id"], row["text"]) for row in rows] == sorted((entry.id, entry.text) for entry in entries)
    await assert_accounts_are_exact()


async def test_an_end_that_is_brought_forward_is_kept(
    worker: Worker, provider: FakeProvider, clients: Clients, departures: Departures, sql: Sql
) -> None:
    # Given
    mailing = await under_way(worker, provider, clients, latency_ms=300)

    # When
    ends_at = await orm.fetch_value("SELECT now() + interval '2 seconds'")
    await update_mailing(mailing.id, MailingChanges(ends_at=ends_at))
    edited_at = time.monotonic()
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    sent = provider.ledger.unique
    began = {row["message_id"]: row["started_at"] for row in await sql("SELECT * FROM delivery_attempt")}
    assert max(began.values()) < ends_at
    known = [one for one in departures.knowing(edited_at) if one.message.id in began]
    assert {began[one.message.id] + timedelta(seconds=one.leave_within) for one in known} <= {ends_at}
    assert await counts(mailing.id) == {"sent": sent, "expired": 600 - sent}
    await assert_accounts_are_exact()


async def test_a_changed_filter_leaves_out_and_takes_in(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given a mailing to half of 600 clients, paused on its way
    await clients(600)
    work_slowly(worker)
    await provider.set_scenario(Scenario(latency_ms=50))
    mailing = await create_mailing(new_mailing(tags=("vip",)))
    await worker.until(lambda: has_sent(mailing.id, 1))
    await pause_mailing(mailing.id)
    await worker.idle()
    sent = provider.ledger.unique

    async def is_selected() -> bool:
        return bool(await orm.fetch_value("SELECT selected_at IS NOT NULL AND recheck_cursor IS NULL FROM mailing"))

    async with watched(worker.settings, mailing.id):
        # When
        await update_mailing(mailing.id, MailingChanges(tags=("new",)))
        await worker.until(is_selected)

        # Then
        assert await counts(mailing.id) == {"sent": sent, "cancelled": 300 - sent, "pending": 300}
        assert await sql("SELECT DISTINCT tag, reason FROM message WHERE status = 'CANCELLED'") == [
            {"tag": "vip", "reason": "left out by the changed filter"}
        ]

        # When it takes everyone in again
        await update_mailing(mailing.id, MailingChanges(tags=()))
        await worker.until(is_selected)
        assert await counts(mailing.id) == {"sent": sent, "pending": 600 - sent}
        await resume_mailing(mailing.id)
        await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then each client has one message all the same
    assert await counts(mailing.id) == {"sent": 600}
    assert provider.ledger.requests == 600
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_accounts_are_exact()


async def test_a_changed_filter_holds_sending_until_nobody_whom_it_leaves_out_can_be_texted(
    worker: Worker, provider: FakeProvider, clients: Clients, departures: Departures, sql: Sql
) -> None:
    # Given
    mailing = await under_way(worker, provider, clients)

    # When
    async with watched(worker.settings, mailing.id):
        await update_mailing(mailing.id, MailingChanges(tags=("vip",)))
        edited_at = time.monotonic()
        await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    vips = {row["id"] for row in await sql("SELECT id FROM message WHERE tag = 'vip'")}
    assert {one.message.id for one in departures.knowing(edited_at)} <= vips
    assert await sql("SELECT DISTINCT status FROM message WHERE tag = 'vip'") == [{"status": "SENT"}]
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_accounts_are_exact()


async def test_whatever_is_done_to_a_mailing_while_it_runs_everyone_is_accounted_for(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given
    dice = random.Random(7)
    await clients(900)
    work_slowly(worker, turn_seconds=0.3)
    await provider.set_scenario(Scenario(seed=7, latency_ms=(20, 60), error_share=0.1, close_after_share=0.05))
    mailing = await create_mailing(new_mailing())

    async def meddle() -> None:
        for number in range(10):
            match dice.randrange(4):
                case 0:
                    await pause_mailing(mailing.id)
                    await asyncio.sleep(dice.random() / 20)
                    await resume_mailing(mailing.id)
                case 1:
                    await update_mailing(mailing.id, MailingChanges(text=f"Hello {number}"))
                case 2:
                    await update_mailing(mailing.id, MailingChanges(tags=dice.choice([("vip",), ("new",)])))
                case _:
                    await update_mailing(
                        mailing.id, MailingChanges(ends_at=mailing.ends_at + timedelta(minutes=number))
                    )
            await asyncio.sleep(dice.random() / 10)
        await update_mailing(mailing.id, MailingChanges(tags=()))

    # When
    async with watched(worker.settings, mailing.id):
        meddling = asyncio.create_task(meddle())

        async def is_over() -> bool:
            return meddling.done() and await has_status(mailing.id, "FINISHED")

        await worker.until(is_over, seconds=30)
        await meddling

    # Then
    ended = await counts(mailing.id)
    assert ended.keys() <= {"sent", "unconfirmed"}
    assert sum(ended.values()) == 900
    assert await sql("SELECT count(DISTINCT client_id) AS n FROM message") == [{"n": 900}]
    sent = {row["id"] for row in await sql("SELECT id FROM message WHERE status = 'SENT'")}
    assert sent <= {entry.id for entry in provider.ledger.entries()}
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


@pytest.fixture
async def listening(worker: Worker, redis: "Redis") -> AsyncIterator[None]:
    """The worker hears of changes over Redis, as a process of its own would."""
    begun = asyncio.Event()

    def heard(data: bytes | str) -> None:
        worker.engine.look_before_sending_on(steering.mailing_in(data) or 0)

    listener = Listener(redis, steering.CHANNEL, heard=heard, subscribed=begun.set, outage="not_heard")
    task = asyncio.create_task(listener.run())
    steering.tell_through(steering.over(redis))
    await begun.wait()
    yield
    steering.tell_through(None)
    task.cancel()
    await asyncio.wait({task})


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("stop", [pause_mailing, cancel_mailing, delete_mailing])
async def test_pumps_that_have_nothing_to_write_for_long_hold_as_soon_as_the_mailing_is_stopped(
    worker: Worker,
    provider: FakeProvider,
    clients: Clients,
    monkeypatch: pytest.MonkeyPatch,
    stop: Callable[[int], Awaitable[object]],
) -> None:
    # Given pumps that would look again after ten seconds only
    monkeypatch.setattr(pump, "FLUSH_SECONDS", 10)
    monkeypatch.setattr(pump, "FLUSH_RESULTS", 100_000)
    await clients(600)
    work_slowly(worker, batch=500)
    await provider.set_scenario(Scenario(latency_ms=20))
    mailing = await create_mailing(new_mailing())
    await worker.until(partial(has_requests, provider, 20))

    # When
    await stop(mailing.id)
    asked = provider.ledger.requests
    async with asyncio.timeout(5):
        await worker.idle()

    # Then only what was in flight has reached the provider since
    assert provider.ledger.requests - asked <= worker.settings.pump_slots * worker.engine.pace.concurrency
    await assert_accounts_are_exact()


async def has_requests(provider: FakeProvider, at_least: int) -> bool:
    return provider.ledger.requests >= at_least


async def test_a_redis_that_is_away_does_not_hold_up_who_changes_a_mailing(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given one that refuses, and one that takes connections and never answers
    assert steering.LONGEST_WAIT_SECONDS == 0.2
    taken: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _, writer: taken.append(writer), "127.0.0.1")
    port = silent.sockets[0].getsockname()[1]
    mailing = await under_way(worker, provider, clients)
    for away in (Redis.from_url("redis://127.0.0.1:9/0"), Redis.from_url(f"redis://127.0.0.1:{port}/0")):
        steering.tell_through(steering.over(away))

        # When, then it comes to an end
        await pause_mailing(mailing.id)
        await resume_mailing(mailing.id)
        await away.aclose()

    steering.tell_through(None)
    assert taken
    for writer in taken:
        writer.close()
    silent.close()
