"""The window while sending: nobody is texted outside it, by the wall clock of the client's own zone.

Windows are laid around the present hour of one zone, so that it is open there and closed in the others.
"""

import asyncio
import time as clock
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailing.clock import DatabaseClock
from mailing.delivery import senders as sending
from mailing.delivery.engine import Engine
from mailing.delivery.messages import Claimed, Terms
from mailing.delivery.senders import Senders
from mailing.delivery.window import LocalTimeWindow
from mailing.mailings.service import create_mailing, update_mailing
from mailing.mailings.validation import MailingChanges
from mailing.models.message import MessageStatus
from mailing.provider.fake import FakeProvider, Scenario
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact, assert_provider_has_exactly_what_is_sent
from tests.delivery.conftest import ZONES, Worker, counts, has_status, new_mailing
from tests.delivery.departures import Departures, departures
from tests.delivery.stories import Clients, has_counts, has_sent, work_slowly

MOSCOW = "Europe/Moscow"

__all__ = ["departures"]  # a fixture


def window_around_now(zone: str, before: timedelta, after: timedelta) -> LocalTimeWindow:
    now = datetime.now(ZoneInfo(zone))
    return LocalTimeWindow(_minute(now - before), _minute(now + after))


def closed_everywhere() -> LocalTimeWindow:
    """The zones of the clients are 1 and 7 hours from Moscow's: open from 3 to 5 hours after Moscow's now."""
    return window_around_now(MOSCOW, -timedelta(hours=3), timedelta(hours=5))


async def test_only_clients_whose_window_is_open_are_texted(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(300)
    window = window_around_now(MOSCOW, timedelta(minutes=30), timedelta(hours=1))
    mailing = await create_mailing(new_mailing(window=window))

    # When
    await worker.until(lambda: has_sent(mailing.id, 100))
    await worker.sweep()
    await worker.idle()

    # Then
    assert await counts(mailing.id) == {"sent": 100, "pending": 200}
    assert await sql("SELECT timezone, status, attempts FROM message GROUP BY 1, 2, 3 ORDER BY 1") == [
        {"timezone": "Asia/Vladivostok", "status": "PENDING", "attempts": 0},
        {"timezone": "Europe/Kaliningrad", "status": "PENDING", "attempts": 0},
        {"timezone": "Europe/Moscow", "status": "SENT", "attempts": 1},
    ]
    await assert_provider_has_exactly_what_is_sent(provider)

    # When the window goes, so do the others
    await update_mailing(mailing.id, MailingChanges(window=None))
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"sent": 300}
    await assert_accounts_are_exact()


async def test_a_window_that_closes_while_messages_are_sent_stops_them(
    worker: Worker,
    provider: FakeProvider,
    clients: Clients,
    departures: Departures,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given
    monkeypatch.setattr(sending, "PUT_OFF", timedelta(seconds=0.5))
    await clients(600)
    work_slowly(worker)
    await provider.set_scenario(Scenario(latency_ms=50))
    mailing = await create_mailing(new_mailing())
    await worker.until(lambda: has_sent(mailing.id, 1))

    # When
    await update_mailing(mailing.id, MailingChanges(window=closed_everywhere()))
    closed_at = clock.monotonic()
    await worker.idle()
    await worker.sweep()
    await worker.idle()

    # Then
    reached = provider.ledger.unique
    assert 0 < reached < 600
    assert departures.knowing(closed_at) == []
    assert await counts(mailing.id) == {"sent": reached, "pending": 600 - reached}

    # When
    await provider.set_scenario(Scenario())
    await update_mailing(mailing.id, MailingChanges(window=None))
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"sent": 600}
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_accounts_are_exact()


async def test_a_client_in_an_unknown_zone_is_not_texted_within_a_window_and_expires(
    worker: Worker, provider: FakeProvider, sql: Sql
) -> None:
    # Given
    await sql(
        """
        INSERT INTO client (phone, operator_code, tag, timezone)
        VALUES (79000000001, '900', '', 'Europe/Moscow'), (79000000002, '900', '', 'Mars/Olympus')
        """
    )
    mailing = await create_mailing(
        new_mailing(window=window_around_now(MOSCOW, timedelta(hours=1), timedelta(minutes=-5) + timedelta(hours=23)))
    )

    # When
    await worker.until(lambda: has_counts(mailing.id, sent=1, pending=1))
    await sql("UPDATE mailing SET ends_at = now()")
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"sent": 1, "expired": 1}
    assert [entry.phone for entry in provider.ledger.entries()] == [79_000_000_001]
    await assert_accounts_are_exact()


NOON_IN_MOSCOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def senders_at_noon(
    engine: Engine, window: LocalTimeWindow | None, ends_in: timedelta = timedelta(days=1)
) -> tuple[Senders, Terms]:
    terms = Terms(1, 1, "Hello", 1, NOON_IN_MOSCOW + ends_in, window)
    database_clock = DatabaseClock()
    database_clock.set(NOON_IN_MOSCOW, clock.monotonic())
    senders = Senders(engine, terms, database_clock, write_at=100)
    senders.allow(terms, asked_at=clock.monotonic(), may_send=True, until=clock.monotonic() + 60)
    return senders, terms


async def test_a_request_must_leave_before_the_window_closes_or_the_mailing_ends(worker: Worker) -> None:
    # Given
    until_one = LocalTimeWindow(time(9), time(13))
    closes_at = NOON_IN_MOSCOW + timedelta(hours=1)
    by_window, _ = senders_at_noon(worker.engine, until_one)
    by_end, _ = senders_at_noon(worker.engine, until_one, ends_in=timedelta(minutes=5))
    without_window, _ = senders_at_noon(worker.engine, None, ends_in=timedelta(minutes=5))

    # Then
    assert by_window._find_open_until(MOSCOW, NOON_IN_MOSCOW) == closes_at
    assert by_window._find_open_until(MOSCOW, closes_at - timedelta(microseconds=1)) == closes_at
    assert by_window._find_open_until(MOSCOW, closes_at) is None
    assert by_window._find_open_until("Asia/Vladivostok", NOON_IN_MOSCOW) is None
    assert by_window._find_open_until("Mars/Olympus", NOON_IN_MOSCOW) is None
    assert by_end._find_open_until(MOSCOW, NOON_IN_MOSCOW) == NOON_IN_MOSCOW + timedelta(minutes=5)
    assert by_end._find_open_until(MOSCOW, NOON_IN_MOSCOW + timedelta(minutes=5)) is None
    assert without_window._find_open_until("Mars/Olympus", NOON_IN_MOSCOW) == NOON_IN_MOSCOW + timedelta(minutes=5)


async def test_what_the_database_gave_out_though_the_window_is_closed_waits_and_costs_no_try(
    worker: Worker, provider: FakeProvider
) -> None:
    # Given
    closed, _ = senders_at_noon(worker.engine, LocalTimeWindow(time(13), time(15)))
    message = Claimed(1, 5, 79_000_000_001, MOSCOW, 1, uncertain=True)

    # When
    result = await closed._send(message, _this_task())

    # Then
    assert provider.ledger.requests == 0
    assert (result.status, result.spent, result.uncertain, result.answer) == (MessageStatus.PENDING, False, True, None)
    assert result.due_at is not None
    assert timedelta(seconds=5) <= result.due_at - NOON_IN_MOSCOW < timedelta(seconds=10)


async def test_no_request_begins_that_could_outlive_the_lease(worker: Worker, provider: FakeProvider) -> None:
    # Given senders whose lease was last renewed too long ago
    open_now, terms = senders_at_noon(worker.engine, None)
    message = Claimed(1, 5, 79_000_000_001, MOSCOW, 1, uncertain=False)

    # When
    open_now.allow(terms, asked_at=clock.monotonic(), may_send=True, until=clock.monotonic() - 0.001)
    result = await open_now._send(message, _this_task())

    # Then
    assert provider.ledger.requests == 0
    assert (result.status, result.spent, result.due_at) == (MessageStatus.PENDING, False, None)

    # When it is renewed
    open_now.allow(
        terms, asked_at=clock.monotonic(), may_send=True, until=clock.monotonic() + worker.engine.pace.sending_seconds
    )
    result = await open_now._send(message, _this_task())

    # Then
    assert result.status is MessageStatus.SENT


def test_the_zones_of_the_clients_are_apart_as_these_tests_assume() -> None:
    now = datetime.now(UTC)
    offsets = [now.astimezone(ZoneInfo(zone)).utcoffset() for zone in ZONES]
    assert offsets == [timedelta(hours=3), timedelta(hours=10), timedelta(hours=2)]


def _minute(local: datetime) -> time:
    return local.time().replace(second=0, microsecond=0)


def _this_task() -> "asyncio.Task[None]":
    task = asyncio.current_task()
    assert task is not None
    return task
