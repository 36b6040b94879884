"""Claims and their results, statement by statement."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailing.delivery.claim_queries import claim, record
from mailing.delivery.messages import Claimed, Result
from mailing.delivery.selection import select_audience
from mailing.delivery.slot_queries import Lease, take_slot
from mailing.delivery.start import start_if_due
from mailing.delivery.wake_queries import WAKE_AGAIN, wake_pumps
from mailing.delivery.window import LocalTimeWindow
from mailing.mailings.service import create_mailing, update_mailing
from mailing.mailings.validation import MailingChanges
from mailing.models.message import MessageStatus
from mailing.provider.protocol import Answer, Verdict
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact
from tests.delivery.conftest import new_mailing

LEASE = timedelta(seconds=30)
Clients = Callable[[int], Awaitable[None]]

pytestmark = pytest.mark.usefixtures("forget_jobs")


async def started(clients: Clients, count: int) -> int:
    """A mailing to that many clients, its audience selected."""
    await clients(count)
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=1)
    await select_audience(mailing.id)
    mailing_id: int = mailing.id
    return mailing_id


async def leased(mailing_id: int) -> Lease:
    lease = await take_slot(mailing_id, "worker", LEASE)
    assert lease is not None
    return lease


async def claimed(lease: Lease, limit: int) -> list[Claimed]:
    found = await claim(lease, LEASE, limit)
    assert found is not None
    return found[1]


def window_in_moscow(opens_in: float, closes_in: float) -> LocalTimeWindow:
    """A window around the present, in hours by the clocks of Moscow."""
    now = datetime.now(ZoneInfo("Europe/Moscow")).replace(second=0, microsecond=0)
    opens_at, closes_at = (now + timedelta(hours=hours) for hours in (opens_in, closes_in))
    return LocalTimeWindow(opens_at.time(), closes_at.time())


def too_late(message: Claimed, status: MessageStatus, revision: int) -> Result:
    answer = Answer(Verdict.DEFERRED, "HTTP 429", datetime.now(UTC), 5, http_status=429)
    return Result(message, status, reason="HTTP 429", answer=answer, text_version=1, too_late_under=revision)


async def test_the_zone_whose_window_closes_first_is_taken_first(clients: Clients) -> None:
    # Given a window in which Vladivostok has an hour left, Moscow eight and Kaliningrad nine
    await clients(60)
    mailing = await create_mailing(new_mailing(window=window_in_moscow(opens_in=-2, closes_in=8)))
    await start_if_due(mailing.id, slots=1)
    await select_audience(mailing.id)
    lease = await leased(mailing.id)

    # When
    zones = [message.timezone for _ in range(3) for message in await claimed(lease, 20)]

    # Then
    assert zones == ["Asia/Vladivostok"] * 20 + ["Europe/Moscow"] * 20 + ["Europe/Kaliningrad"] * 20


async def test_who_takes_any_by_chance_is_not_bound_to_the_zone_that_closes_first(clients: Clients) -> None:
    # Given as above
    await clients(60)
    mailing = await create_mailing(new_mailing(window=window_in_moscow(opens_in=-2, closes_in=8)))
    await start_if_due(mailing.id, slots=1)
    await select_audience(mailing.id)
    lease = await leased(mailing.id)

    # When
    zones = set()
    for _ in range(12):
        found = await claim(lease, LEASE, 1, by_chance=True)
        assert found is not None
        zones.add(found[1][0].timezone)

    # Then
    assert len(zones) > 1


async def test_no_zone_waits_until_all_messages_of_another_are_taken(clients: Clients, sql: Sql) -> None:
    # Given
    lease = await leased(await started(clients, 60))

    # When
    zones = [message.timezone for _ in range(12) for message in await claimed(lease, 1)]

    # Then: each claim chooses anew; that twelve in a row choose the same zone happens once in 177,000 times
    assert len(set(zones)) > 1


@pytest.mark.parametrize(("judged", "uncertain"), [(MessageStatus.EXPIRED, False), (MessageStatus.UNCONFIRMED, True)])
async def test_a_message_given_up_for_want_of_time_is_tried_again_if_the_mailing_was_edited_meanwhile(
    clients: Clients, sql: Sql, judged: MessageStatus, uncertain: bool
) -> None:
    # Given a message that was judged before an edit gave it more time
    mailing_id = await started(clients, 1)
    lease = await leased(mailing_id)
    (message,) = await claimed(lease, 1)
    (row,) = await sql("SELECT revision FROM mailing")
    await update_mailing(mailing_id, MailingChanges(ends_at=datetime.now(UTC) + timedelta(days=2)))

    # When
    await record(lease, LEASE, [too_late(message, judged, row["revision"])])

    # Then
    assert await sql("SELECT status, uncertain, attempts FROM message") == [
        {"status": "PENDING", "uncertain": uncertain, "attempts": 1}
    ]
    await assert_accounts_are_exact()


async def test_a_message_given_up_for_want_of_time_has_ended_if_nothing_was_edited(clients: Clients, sql: Sql) -> None:
    # Given
    lease = await leased(await started(clients, 1))
    (message,) = await claimed(lease, 1)
    (row,) = await sql("SELECT revision FROM mailing")

    # When
    await record(lease, LEASE, [too_late(message, MessageStatus.EXPIRED, row["revision"])])

    # Then
    assert await sql("SELECT status, reason FROM message") == [{"status": "EXPIRED", "reason": "HTTP 429"}]


async def test_a_message_was_sent_when_the_answer_came_not_when_it_was_written(clients: Clients, sql: Sql) -> None:
    # Given
    lease = await leased(await started(clients, 1))
    (message,) = await claimed(lease, 1)
    left_at = datetime.now(UTC) - timedelta(seconds=20)
    answer = Answer(Verdict.ACCEPTED, "", left_at, 1_500, http_status=200, code=0)

    # When
    await record(lease, LEASE, [Result(message, MessageStatus.SENT, answer=answer, text_version=1)])

    # Then
    assert await sql("SELECT sent_at FROM message") == [{"sent_at": left_at + timedelta(milliseconds=1_500)}]


@pytest.mark.parametrize(
    ("wakes", "seconds_ago", "woken"),
    [(1, 4, False), (1, 6, True), (2, 6, False), (2, 11, True), (5, 79, False), (50, 81, True)],
)
async def test_a_slot_that_stays_free_is_woken_less_and_less_often(
    clients: Clients, sql: Sql, wakes: int, seconds_ago: int, woken: bool
) -> None:
    # Given
    assert timedelta(seconds=5) == WAKE_AGAIN
    mailing_id = await started(clients, 1)
    await sql(
        "UPDATE delivery_slot SET wakes = $1, woken_at = now() - make_interval(secs => $2)", wakes, float(seconds_ago)
    )

    # When / Then
    assert await wake_pumps(10) == ([mailing_id] if woken else [])


async def test_each_mailing_is_woken_once_before_any_twice_and_the_most_urgent_first(clients: Clients) -> None:
    # Given
    await clients(60)
    now = datetime.now(UTC)

    async def running(slots: int, **changes: object) -> int:
        mailing = await create_mailing(new_mailing(**changes))
        await start_if_due(mailing.id, slots=slots)
        await select_audience(mailing.id)
        mailing_id: int = mailing.id
        return mailing_id

    ends_late = await running(2, ends_at=now + timedelta(hours=20))
    ends_soon = await running(2, ends_at=now + timedelta(hours=3))
    closes_soonest = await running(
        2, ends_at=now + timedelta(hours=22), window=window_in_moscow(opens_in=-2, closes_in=8)
    )

    # When
    woken = await wake_pumps(5)

    # Then
    assert woken == [closes_soonest, ends_soon, ends_late, closes_soonest, ends_soon]
