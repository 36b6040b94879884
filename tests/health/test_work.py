"""What scheduler and workers leave undone shows."""

from datetime import UTC, datetime, timedelta

from mailing.health.finding import Level
from mailing.health.work import look_at_work
from mailing.models import Mailing
from mailing.models.mailing import MailingStatus
from tests.conftest import Sql

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


async def _mailing(
    status: MailingStatus, *, begun: timedelta = HOUR, lasting: timedelta = HOUR, selected: int = 1
) -> int:
    """Its id. It began so long ago, lasts so long from now, and has selected clients up to that id."""
    now = datetime.now(UTC)
    row = await Mailing.create(
        text="a",
        starts_at=now - begun,
        started_at=None if status is MailingStatus.SCHEDULED else now - begun,
        ends_at=now + lasting,
        status=status,
        selection_cursor=selected,
    )
    return int(row.id)


async def _slot(
    sql: Sql, mailing_id: int, *, leased_for: timedelta | None = None, wakes: int = 0, ago: timedelta
) -> None:
    """Its next slot: free or leased, and for which workers were called so often, lastly so long ago."""
    await sql(
        """
        INSERT INTO delivery_slot (mailing_id, slot, token, leased_until, woken_at, wakes)
        SELECT $1, count(*), CASE WHEN $2::interval IS NOT NULL THEN nextval('delivery_token') END,
               now() + $2::interval, now() - $4::interval, $3
        FROM delivery_slot WHERE mailing_id = $1
        """,
        mailing_id,
        leased_for,
        wakes,
        ago,
    )


async def _look() -> list[tuple[str, Level, str]]:
    return [(one.subject, one.level, one.what) for one in await look_at_work(SECOND)]


async def test_with_nothing_to_do_nobody_is_late(sql: Sql) -> None:
    assert await _look() == [
        ("scheduler", Level.OK, "Nothing that it looks after is overdue."),
        ("workers", Level.OK, "No mailing waits for one in vain."),
    ]


async def test_what_became_due_just_now_is_not_overdue(sql: Sql) -> None:
    await _mailing(MailingStatus.SCHEDULED, begun=25 * SECOND)
    await _mailing(MailingStatus.RUNNING, lasting=-25 * SECOND)
    assert (await _look())[0][1] is Level.OK


async def test_without_a_scheduler_starts_ends_and_leases_are_overdue(sql: Sql) -> None:
    # Given
    await _mailing(MailingStatus.SCHEDULED, begun=40 * SECOND)
    await _mailing(MailingStatus.SCHEDULED, begun=40 * SECOND)
    ended = await _mailing(MailingStatus.PAUSED, lasting=-40 * SECOND)
    await _slot(sql, ended, leased_for=-40 * SECOND, ago=HOUR)

    # Then
    what = "Overdue are mailings to start: 2, mailings to end: 1, leases of silent workers to take back: 1."
    assert (await _look())[0] == ("scheduler", Level.PROBLEM, what)


async def test_without_workers_mailings_are_called_for_in_vain(sql: Sql) -> None:
    # Given two of which nobody writes or sends the messages, and some of which nothing is to be done yet, or any more
    await _mailing(MailingStatus.RUNNING, begun=40 * SECOND, selected=0)
    await _mailing(MailingStatus.RUNNING, begun=25 * SECOND, selected=0)
    alone, new, old = [await _mailing(MailingStatus.RUNNING) for _ in range(3)]
    await _slot(sql, alone, wakes=3, ago=SECOND)
    await _slot(sql, new, wakes=2, ago=SECOND)
    await _slot(sql, old, wakes=9, ago=HOUR)

    # Then
    what = "Mailings that have work to do, and for which no worker comes when called: 2."
    assert (await _look())[1] == ("workers", Level.PROBLEM, what)


async def test_while_workers_are_busy_with_others_mailings_wait_for_their_turn(sql: Sql) -> None:
    # Given one that somebody works at, and one that nobody has come for
    served, alone = [await _mailing(MailingStatus.RUNNING) for _ in range(2)]
    await _slot(sql, served, leased_for=HOUR, ago=SECOND)
    await _slot(sql, served, wakes=9, ago=SECOND)
    await _slot(sql, alone, wakes=3, ago=SECOND)

    # Then
    what = "Mailings that wait while workers are busy with others: 1."
    assert (await _look())[1] == ("workers", Level.WARNING, what)

    # And when whoever worked has fallen silent
    await sql("UPDATE delivery_slot SET leased_until = now() WHERE token IS NOT NULL")
    assert (await _look())[1][1] is Level.PROBLEM
