"""Days by the wall clock of a zone."""

from datetime import UTC, date, datetime, time

import pytest

from mailing.errors import InvalidInputError
from mailing.problem_code import ProblemCode
from mailing.reports.day import ReportDay, day_of, latest_due, latest_over
from mailing.reports.validation import chosen_day


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("zone", "day", "starts_at", "hours"),
    [
        ("Europe/Moscow", date(2026, 11, 21), utc(2026, 11, 20, 21), 24),
        ("Asia/Kathmandu", date(2026, 11, 21), utc(2026, 11, 20, 18, 15), 24),
        ("Europe/Berlin", date(2026, 3, 29), utc(2026, 3, 28, 23), 23),
        ("Europe/Berlin", date(2026, 10, 25), utc(2026, 10, 24, 22), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), utc(2026, 4, 4, 13), 25),  # 24 and a half
    ],
)
def test_a_day_is_from_midnight_to_midnight(zone: str, day: date, starts_at: datetime, hours: int) -> None:
    report_day = ReportDay(day, zone)

    assert (report_day.starts_at, len(report_day.hours)) == (starts_at, hours)
    assert (report_day.hours[0].hour, report_day.hours[0].minute) == (0, 0)
    assert report_day.hours[-1] < report_day.ends_at
    assert day_of(starts_at, zone) == report_day


def test_where_midnight_does_not_exist_the_day_begins_after_the_gap() -> None:
    day = ReportDay(date(2026, 4, 24), "Africa/Cairo")  # from 00:00 to 01:00

    assert (day.starts_at, len(day.hours)) == (utc(2026, 4, 23, 22), 23)


@pytest.mark.parametrize(
    ("zone", "at"), [("Europe/Moscow", utc(9999, 12, 31, 23, 59)), ("America/New_York", utc(1, 1, 1))]
)
def test_an_instant_beyond_a_zones_calendar_is_told_as_it_is(zone: str, at: datetime) -> None:
    assert ReportDay(date(2026, 11, 21), zone).local(at).isoformat() == at.isoformat()


def test_a_report_is_due_at_its_time_on_the_day_after() -> None:
    clock, zone = time(8), "Europe/Moscow"

    assert latest_due(utc(2026, 11, 22, 4, 59), zone, clock).date == date(2026, 11, 20)
    assert latest_due(utc(2026, 11, 22, 5), zone, clock).date == date(2026, 11, 21)
    assert latest_over(utc(2026, 11, 22, 21), zone).date == date(2026, 11, 22)


def test_each_day_is_due_once_also_where_clocks_change() -> None:
    # 02:30 does not exist on the one day, and exists twice on the other
    clock, zone = time(2, 30), "Europe/Berlin"

    for day in (28, 29):
        moments = [utc(2026, 3, day, hour, minute) for hour in range(24) for minute in (0, 29, 30)]
        assert {latest_due(at, zone, clock).date.day for at in moments} == {day - 2, day - 1}
    assert latest_due(utc(2026, 10, 25, 0, 30), zone, clock).date == date(2026, 10, 24)
    assert latest_due(utc(2026, 10, 25, 1, 30), zone, clock).date == date(2026, 10, 24)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2026-11-23", ProblemCode.DAY_OUT_OF_RANGE),
        ("1999-12-31", ProblemCode.DAY_OUT_OF_RANGE),
        *((raw, ProblemCode.NOT_A_DAY) for raw in ("2026-02-30", "21.11.2026", "20261121", "", "٢٠٢٦-11-21")),
    ],
)
def test_a_day_that_cannot_be_told_of_is_refused(raw: str, code: ProblemCode) -> None:
    with pytest.raises(InvalidInputError) as caught:
        chosen_day(raw, zone="Europe/Moscow", now=utc(2026, 11, 22, 5))

    (problem,) = caught.value.problems
    assert (problem.path, problem.code, problem.limit) == (("date",), code, None)
    message = "must be a day from 2000-01-01 to today, 2026-11-22 in Europe/Moscow, such as 2026-11-22; given: "
    assert problem.message == f'{message}"{raw}"'


def test_without_a_day_it_is_yesterday_by_the_zone() -> None:
    at = utc(2026, 11, 21, 21, 30)

    assert chosen_day(None, zone="Europe/Moscow", now=at).date == date(2026, 11, 21)
    assert chosen_day("2026-11-22", zone="Europe/Moscow", now=at).date == date(2026, 11, 22)
