"""A day's figures, from rows as the engine leaves them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mailing.delivery.sweep import tidy_up
from mailing.messages.ends import ENDS
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.reports.day import ReportDay
from mailing.reports.figures import FailureFigures, Risk
from mailing.reports.queries import MOST_MAILINGS
from mailing.reports.service import figures_of
from tests.conftest import Sql
from tests.messages.stored import set_status, store_mailing, store_many, store_message

S = MessageStatus
ZONE = "Europe/Moscow"


def yesterday() -> ReportDay:
    moscow = datetime.now(UTC) + timedelta(hours=3)
    return ReportDay(moscow.date() - timedelta(days=1), ZONE)


def ended(**counts: int) -> dict[MessageStatus, int]:
    return {status: counts.get(status.value.lower(), 0) for status in ENDS}


async def tally(
    sql: Sql, at: datetime, mailing_id: int, status: str, messages: int, *, reason: str = "", shard: int = 0
) -> None:
    await sql(
        "INSERT INTO ending_tally VALUES (quarter_of($1), $2, $3, $4, $5, $6)",
        *(at, mailing_id, status, reason, shard, messages),
    )


async def test_a_day_is_told_by_its_own_midnights(sql: Sql) -> None:
    # Given messages at the borders of the day, in two shards, and a mailing that is deleted by now
    day = yesterday()
    first = await store_mailing(sql)
    deleted = await store_mailing(sql, deleted=True)
    second = timedelta(seconds=1)
    await tally(sql, day.starts_at - second, first, "SENT", 1)
    await tally(sql, day.starts_at, first, "SENT", 20)
    await tally(sql, day.starts_at, first, "SENT", 22, shard=3)
    await tally(sql, day.starts_at + timedelta(hours=9), first, "FAILED", 5, reason="HTTP 400")
    await tally(sql, day.ends_at - second, first, "UNCONFIRMED", 2, reason="timeout")
    await tally(sql, day.ends_at - second, deleted, "EXPIRED", 7)
    await tally(sql, day.ends_at - second, first, "CANCELLED", 11, reason="client deleted")
    await tally(sql, day.ends_at, first, "SENT", 1_000)
    await sql(
        "INSERT INTO request_tally SELECT quarter_of($1), * "
        "FROM (VALUES (0, 30, 4, 20, 600, 1), (1, 12, 1, 10, 900, 2)) AS v",
        day.starts_at,
    )

    # When
    figures = await figures_of(day)

    # Then
    assert figures.ended == ended(sent=42, failed=5, unconfirmed=2, expired=7, cancelled=11)
    assert (figures.lost, figures.sent_share) == (14, 42 / 56)
    hours = {hour.starts_at.hour: hour for hour in figures.hours}
    assert len(hours) == 24
    assert {hour: h.ended for hour, h in hours.items() if any(h.ended.values())} == {
        0: ended(sent=42),
        9: ended(failed=5),
        23: ended(unconfirmed=2, expired=7, cancelled=11),
    }
    midnight = hours[0]
    assert (midnight.requests, midnight.failures, midnight.slow, midnight.mean_ms) == (42, 5, 3, 50.0)
    assert (hours[1].requests, hours[1].mean_ms) == (0, None)
    assert figures.failures == (
        FailureFigures(S.EXPIRED, "", 7),
        FailureFigures(S.FAILED, "HTTP 400", 5),
        FailureFigures(S.UNCONFIRMED, "timeout", 2),
    )
    assert [(mailing.id, mailing.ended) for mailing in figures.mailings] == [
        (first, ended(sent=42, failed=5, unconfirmed=2, cancelled=11))
    ]
    assert (figures.mailings_found, figures.messages_of_deleted) == (1, 7)
    assert (figures.is_over, figures.is_partly_counted) == (True, False)


async def test_what_the_engine_writes_is_what_the_report_says(sql: Sql) -> None:
    # Given a mailing of today
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 10)
    await set_status(sql, [1, 2, 3], S.SENT)
    await set_status(sql, [4], S.FAILED)

    # When
    now = datetime.now(UTC)
    figures = await figures_of(ReportDay(now.date(), "UTC"))

    # Then
    assert figures.ended == ended(sent=3, failed=1)
    (mailing,) = figures.mailings
    assert (mailing.status, mailing.counts[S.PENDING], mailing.counts[S.SENT]) == (MailingStatus.RUNNING, 6, 3)
    assert not figures.is_over


async def test_mailings_are_listed_that_were_under_way_though_nothing_of_them_ended(sql: Sql) -> None:
    day = yesterday()

    async def mailing(started: timedelta, over: timedelta | None, status: str) -> int:
        id = await store_mailing(sql, status=status)
        await sql(
            "UPDATE mailing SET started_at = $2, ended_at = $3 WHERE id = $1",
            *(id, day.starts_at + started, None if over is None else day.starts_at + over),
        )
        return id

    hour = timedelta(hours=1)
    listed = [
        await mailing(-hour, hour, "FINISHED"),
        await mailing(-hour, None, "RUNNING"),
        await mailing(23 * hour, 30 * hour, "CANCELLED"),
    ]
    for started, over, status in ((-2 * hour, -hour, "FINISHED"), (25 * hour, None, "RUNNING")):
        await mailing(started, over, status)
    await store_mailing(sql, status="SCHEDULED", started_seconds_ago=None)

    figures = await figures_of(day)

    assert [mailing.id for mailing in figures.mailings] == listed


async def test_of_very_many_mailings_those_with_most_messages_are_listed(sql: Sql) -> None:
    day = yesterday()
    await sql(
        """
        INSERT INTO mailing (text, text_version, starts_at, ends_at, operator_codes, tags, status, revision,
                             selection_cursor)
        SELECT 'Hello', 1, now(), now() + interval '1 day', '{}', '{}', 'RUNNING', 1, 0 FROM generate_series(1, $1)
        """,
        MOST_MAILINGS + 5,
    )
    await sql(
        "INSERT INTO ending_tally SELECT quarter_of($1), id, 'SENT', '', 0, id FROM mailing",
        day.starts_at,
    )

    figures = await figures_of(day)

    assert [mailing.id for mailing in figures.mailings] == list(range(MOST_MAILINGS + 5, 5, -1))
    assert (figures.mailings_found, figures.messages_of_deleted) == (MOST_MAILINGS + 5, 0)


async def test_what_is_not_known_of_a_day_is_said(sql: Sql) -> None:
    day = yesterday()
    since = day.starts_at + timedelta(hours=3)
    await sql("INSERT INTO tally_start (since) VALUES ($1)", since)

    assert (await figures_of(day)).is_partly_counted
    assert not (await figures_of(ReportDay(day.date + timedelta(days=1), ZONE))).is_partly_counted


async def test_tallies_are_forgotten_after_more_than_a_year_and_that_is_known(sql: Sql) -> None:
    now = datetime.now(UTC)
    await sql("INSERT INTO tally_start (since) VALUES ('2020-01-01')")
    for days in (0, 399, 401):
        await tally(sql, now - timedelta(days=days), 1, "SENT", days)
        await sql("INSERT INTO request_tally VALUES (quarter_of($1), 0, 1, 0, 0, 0, 0)", now - timedelta(days=days))

    await tidy_up()

    assert sorted(row["messages"] for row in await sql("SELECT messages FROM ending_tally")) == [0, 399]
    assert len(await sql("SELECT FROM request_tally")) == 2
    (row,) = await sql("SELECT now() - since BETWEEN '400 days' AND '400 days 15 min' AS is_known FROM tally_start")
    assert row["is_known"]


@pytest.mark.parametrize(("paused", "told"), [(True, [(Risk.PAUSED, 2)]), (False, [(Risk.STALLED, 2)])])
async def test_what_is_at_risk_is_told_with_yesterday_and_no_day_before(
    sql: Sql, paused: bool, told: list[tuple[Risk, int]]
) -> None:
    # Given a mailing of an hour that ends within a day, has two messages due and sends none
    status = "PAUSED" if paused else "RUNNING"
    mailing_id = await store_mailing(sql, status=status, started_seconds_ago=3_600)
    await store_message(sql, mailing_id, 1)
    await store_message(sql, mailing_id, 2, timezone="Asia/Tokyo")
    # And others that are done, not begun, or end later
    await store_message(sql, await store_mailing(sql), 3, S.SENT)
    await store_mailing(sql, status="SCHEDULED")
    later = await store_mailing(sql, status="PAUSED")
    await store_message(sql, later, 4)
    await sql("UPDATE mailing SET ends_at = now() + interval '25 hours' WHERE id = $1", later)

    # When
    day = yesterday()
    figures = await figures_of(day)
    before = await figures_of(ReportDay(day.date - timedelta(days=1), ZONE))

    # Then
    assert figures.at_risk is not None
    assert [(mailing.risk, mailing.will_miss) for mailing in figures.at_risk] == told
    assert [mailing.id for mailing in figures.at_risk] == [mailing_id]
    assert before.at_risk is None


async def test_what_it_may_reach_is_judged_by_its_best_quarter_of_the_last_hour(sql: Sql) -> None:
    # Given 10,000 left within the hour, and 450 messages in each of the quarters before: one every two seconds
    mailing_id = await store_mailing(sql, started_seconds_ago=7_200)
    await store_many(sql, mailing_id, 10_000)
    await sql("UPDATE mailing SET ends_at = now() + interval '1 hour' WHERE id = $1", mailing_id)
    now = datetime.now(UTC)
    for quarters in (1, 2, 3):
        await tally(sql, now - quarters * timedelta(minutes=15), mailing_id, "SENT", 450)

    # When
    (at_risk,) = (await figures_of(yesterday())).at_risk or ()

    # Then
    assert (at_risk.risk, at_risk.left, at_risk.rate) == (Risk.TOO_SLOW, 10_000, 0.5)
    assert 8_200 <= at_risk.will_miss <= 8_210


async def test_a_channel_that_is_held_is_told(sql: Sql) -> None:
    await sql("UPDATE provider_channel SET state = 'OPEN', cause = 'TOKEN_REFUSED', reason = 'HTTP 401', since = now()")

    figures = await figures_of(yesterday())
    long_ago = await figures_of(ReportDay(date(2026, 1, 1), ZONE))

    assert (figures.held_because, figures.held_since is not None) == ("HTTP 401", True)
    assert (long_ago.held_because, long_ago.held_since) == (None, None)
