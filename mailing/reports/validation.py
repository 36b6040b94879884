"""The day that somebody wants a report of, as it comes from outside."""

import re
from datetime import date, datetime
from typing import Final

from mailing.errors import InvalidInputError, Problem
from mailing.problem_code import ProblemCode
from mailing.reports.day import ReportDay, day_of, latest_over
from mailing.wording import shown

FIRST: Final = date(2000, 1, 1)
"""No service is older."""

_is_date = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch


def chosen_day(raw: str | None, *, zone: str, now: datetime) -> ReportDay:
    """The day that is meant; without one yesterday, the last that is over. Raises InvalidInputError."""
    if raw is None:
        return latest_over(now, zone)
    today = day_of(now, zone).date
    day = _date(raw)
    if day is None or not FIRST <= day <= today:
        message = f"must be a day from {FIRST} to today, {today} in {zone}, such as {today}; given: {shown(raw)}"
        code = ProblemCode.NOT_A_DAY if day is None else ProblemCode.DAY_OUT_OF_RANGE
        raise InvalidInputError([Problem(("date",), message, code)])
    return ReportDay(day, zone)


def _date(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw) if _is_date(raw) else None
    except ValueError:
        return None
