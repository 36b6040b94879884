"""What became of all messages by days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mailing.history.day_queries import sum_up_quarters, totals_of
from mailing.history.days import last_days
from mailing.history.figures import DayTotals
from mailing.messages.ends import ENDS
from mailing.models.message import MessageStatus
from mailing.reports.day import ReportDay, day_of
from mailing.reports.queries import forget_old_report_tallies
from tests.conftest import Sql

S = MessageStatus
NOTHING = dict.fromkeys(ENDS, 0)
QUARTER = timedelta(minutes=15)


async def end(sql: Sql, at: datetime, status: MessageStatus, messages: int, *, mailing_id: int = 7) -> None:
    """As many messages of the mailing in the quarter of an hour, in two shards."""
    for shard in (0, 3):
        await sql(
            """
            INSERT INTO ending_tally (quarter, mailing_id, status, reason, shard, messages)
            VALUES (quarter_of($1), $2, $3, '', $4, $5)
            """,
            at,
            mailing_id,
            status.value,
            shard,
            messages - messages // 2 if shard else messages // 2,
        )


async def ask(sql: Sql, at: datetime, requests: int, failures: int) -> None:
    """So many requests to the provider in the quarter of an hour."""
    await sql(
        "INSERT INTO request_tally VALUES (quarter_of($1), 1, $2, $3, $2, 100, 0)",
        at,
        requests,
        failures,
    )


@pytest.mark.parametrize("zone", ["UTC", "Europe/Moscow", "Asia/Kathmandu", "America/St_Johns"])
@pytest.mark.parametrize("summed_up", [False, True])
async def test_a_day_is_from_midnight_to_midnight_in_its_zone(sql: Sql, zone: str, summed_up: bool) -> None:
    # Given messages around the midnights of yesterday and today
    today = day_of(datetime.now(UTC), zone)
    yesterday, before = (ReportDay(today.date - timedelta(days=ago), zone) for ago in (1, 2))
    await end(sql, yesterday.starts_at - QUARTER, S.SENT, 1)
    await end(sql, yesterday.starts_at, S.SENT, 20)
    await end(sql, yesterday.ends_at - QUARTER, S.FAILED, 300)
    await end(sql, today.starts_at, S.EXPIRED, 4_000)
    await ask(sql, yesterday.ends_at - QUARTER, 500, 5)
    await ask(sql, today.starts_at, 6, 1)
    if summed_up:
        for _ in range(5):
            await sum_up_quarters()

    # When
    totals = await last_days(3, zone)

    # Then
    assert totals.days == (
        DayTotals(before.date, before.starts_at, before.ends_at, NOTHING | {S.SENT: 1}, 0, 0),
        DayTotals(
            yesterday.date, yesterday.starts_at, yesterday.ends_at, NOTHING | {S.SENT: 20, S.FAILED: 300}, 500, 5
        ),
        DayTotals(today.date, today.starts_at, today.ends_at, NOTHING | {S.EXPIRED: 4_000}, 6, 1),
    )
    assert (totals.zone, totals.counted_since) == (zone, None)


async def test_days_on_which_nothing_happened_are_told(sql: Sql) -> None:
    totals = await last_days(90, "Europe/Moscow")

    today = day_of(datetime.now(UTC), "Europe/Moscow").date
    assert [day.date for day in totals.days] == [today - timedelta(days=89 - n) for n in range(90)]
    assert {tuple(day.ended.items()) for day in totals.days} == {tuple(NOTHING.items())}


async def test_a_day_on_which_clocks_change_has_its_hours(sql: Sql) -> None:
    # Given the day on which Berlin's clocks were put forward, with something in its last quarter of an hour
    day = ReportDay(date(2026, 3, 29), "Europe/Berlin")
    assert day.ends_at - day.starts_at == timedelta(hours=23)
    await end(sql, day.ends_at - QUARTER, S.SENT, 5)
    await end(sql, day.ends_at, S.SENT, 7)

    # When
    totals = await totals_of([day.starts_at, day.ends_at])

    # Then
    assert {number: row["sent"] for number, row in totals.items()} == {0: 5}


async def test_what_is_summed_up_is_one_row_a_quarter_and_says_the_same(sql: Sql) -> None:
    # Given three days of two mailings
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=3)
    for hour in range(3 * 24 + 1):
        for mailing_id, status in ((1, S.SENT), (2, S.CANCELLED)):
            await end(sql, start + timedelta(hours=hour), status, 3, mailing_id=mailing_id)
        await ask(sql, start + timedelta(hours=hour), 10, 2)
    before = await last_days(5, "UTC")

    # When
    sizes = []
    for _ in range(5):
        await sum_up_quarters()
        (row,) = await sql("SELECT count(*) AS quarters FROM quarter_total")
        sizes.append(row["quarters"])

    # Then a day at a time is summed up, and not the last hour, in which something may still be written
    assert sizes[:2] == [24, 48]
    assert sizes[-1] == sizes[-2]
    (row,) = await sql("SELECT now() - max(quarter) AS ago FROM quarter_total")
    assert timedelta(hours=1) < row["ago"] <= timedelta(hours=2, minutes=15)
    assert (await last_days(5, "UTC")).days == before.days

    # And the tallies of what is summed up are not read any more
    await sql("DELETE FROM ending_tally WHERE quarter <= (SELECT max(quarter) FROM quarter_total)")
    assert (await last_days(5, "UTC")).days == before.days


async def test_summing_up_goes_on_after_a_long_silence(sql: Sql) -> None:
    # Given something long ago, and something since
    now = datetime.now(UTC)
    await end(sql, now - timedelta(days=60), S.SENT, 1)
    await end(sql, now - timedelta(days=2), S.FAILED, 2)

    # When
    for _ in range(2):
        await sum_up_quarters()

    # Then
    rows = await sql("SELECT sent, failed FROM quarter_total ORDER BY quarter")
    assert [tuple(row.values()) for row in rows] == [(1, 0), (0, 2)]


async def test_who_was_taken_in_again_on_another_day_leaves_no_day_with_less_than_nothing(sql: Sql) -> None:
    today = day_of(datetime.now(UTC), "UTC")
    await end(sql, today.starts_at - QUARTER, S.CANCELLED, 10)
    await end(sql, today.starts_at, S.CANCELLED, -4)

    totals = await last_days(2, "UTC")

    assert [day.ended[S.CANCELLED] for day in totals.days] == [10, 0]


async def test_days_before_all_was_counted_are_told_as_such(sql: Sql) -> None:
    since = datetime.now(UTC) - timedelta(days=3)
    await sql("INSERT INTO tally_start (since) VALUES ($1)", since)

    assert (await last_days(14, "UTC")).counted_since == since
    assert (await last_days(2, "UTC")).counted_since is None


async def test_what_is_summed_up_goes_with_what_it_was_summed_up_from(sql: Sql) -> None:
    await sql("INSERT INTO tally_start (since) VALUES (now() - interval '500 days')")
    now = datetime.now(UTC)
    for days in (399, 402):
        await end(sql, now - timedelta(days=days), S.SENT, 1)
        await sum_up_quarters()
    for _ in range(2):
        await sum_up_quarters()

    await forget_old_report_tallies()

    (row,) = await sql(
        "SELECT count(*) AS quarters, min(quarter) > now() - interval '401 days' AS is_young FROM quarter_total"
    )
    assert dict(row) == {"quarters": 1, "is_young": True}
