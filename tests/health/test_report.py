"""A report that could not be sent shows."""

from datetime import date

from mailing.health.finding import Level
from mailing.health.report import look_at_report
from tests.conftest import Sql


async def _report(sql: Sql, days_ago: int, *, error: str | None = None, sent: bool = False) -> date:
    rows = await sql(
        """
        INSERT INTO daily_report (day, mail_key, tries, error, sent_at)
        VALUES (current_date - $1::int, gen_random_uuid(), 3, $2, CASE WHEN $3 THEN now() END) RETURNING day
        """,
        days_ago,
        error,
        sent,
    )
    day: date = rows[0]["day"]
    return day


async def test_the_oldest_report_that_could_not_be_sent_is_told_with_the_reason(sql: Sql) -> None:
    # Given
    await _report(sql, 9, error="too long ago to be tried again")
    day = await _report(sql, 2, error="connection refused")
    await _report(sql, 1, error="connection refused")

    # When
    (found,) = await look_at_report(True)

    # Then
    assert (found.subject, found.level) == ("daily report", Level.PROBLEM)
    assert found.what == f"That of {day} was tried 3 times and could not be sent: connection refused."


async def test_reports_that_were_sent_or_are_being_sent_are_fine(sql: Sql) -> None:
    await _report(sql, 2, error="connection refused", sent=True)
    await _report(sql, 1)
    (found,) = await look_at_report(True)
    assert found.level is Level.OK


async def test_where_no_report_is_wanted_there_is_nothing_to_say(sql: Sql) -> None:
    await _report(sql, 1, error="connection refused")
    assert await look_at_report(False) == []
