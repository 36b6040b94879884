"""The last days, and what became of messages on each."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from mailing.history.day_queries import ended_in, totals_of
from mailing.history.figures import DailyTotals, DayTotals
from mailing.mailings.queries import database_time
from mailing.messages.ends import ENDS
from mailing.reports.day import ReportDay, day_of
from mailing.reports.queries import counted_since

MOST_DAYS: Final = 90


async def last_days(count: int, zone: str) -> DailyTotals:
    """So many days (1 to `MOST_DAYS`) up to today, from midnight to midnight in the zone, which must be a known one."""
    now = await database_time()
    days = _last(count, now, zone)
    totals = await totals_of([*(day.starts_at for day in days), days[-1].ends_at])
    since = await counted_since()
    return DailyTotals(
        zone=zone,
        days=tuple(_day(day, totals.get(number)) for number, day in enumerate(days)),
        counted_since=since if since is not None and since > days[0].starts_at else None,
    )


def _last(count: int, now: datetime, zone: str) -> list[ReportDay]:
    today = day_of(now, zone).date
    return [ReportDay(today - timedelta(days=ago), zone) for ago in reversed(range(count))]


def _day(day: ReportDay, totals: Mapping[str, Any] | None) -> DayTotals:
    return DayTotals(
        date=day.date,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        ended=dict.fromkeys(ENDS, 0) if totals is None else ended_in(totals),
        requests=0 if totals is None else totals["requests"],
        failures=0 if totals is None else totals["failures"],
    )
