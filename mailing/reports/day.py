"""Days as a report counts them: from midnight to midnight by the wall clock of its zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mailing.timezones import find_zone

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReportDay:
    """One day in one zone, which has 23 or 25 hours where its clocks change. `zone` has to be a known one."""

    date: date
    zone: str

    @property
    def starts_at(self) -> datetime:
        """The first instant, in UTC."""
        return _instant(self.date, time(), self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first instant of the next day, in UTC."""
        return _instant(self.date + _DAY, time(), self.zone)

    @property
    def hours(self) -> tuple[datetime, ...]:
        """When each of its hours begins, by the zone's clock."""
        count = -((self.starts_at - self.ends_at) // _HOUR)
        return tuple(self.local(self.starts_at + _HOUR * n) for n in range(count))

    def local(self, at: datetime) -> datetime:
        """The instant by the zone's clock; as it is given where that shows a year that no calendar has."""
        try:
            return at.astimezone(_rules(self.zone))
        except OverflowError:  # A mailing may end on the last evening of 9999, which is 10000 further east.
            return at


def day_of(at: datetime, zone: str) -> ReportDay:
    """The day to which an instant belongs."""
    return ReportDay(at.astimezone(_rules(zone)).date(), zone)


def latest_over(now: datetime, zone: str) -> ReportDay:
    """Yesterday."""
    return ReportDay(day_of(now, zone).date - _DAY, zone)


def latest_due(now: datetime, zone: str, clock: time) -> ReportDay:
    """The latest day whose report is due: it leaves at that time on the day after."""
    yesterday = latest_over(now, zone)
    if now >= _instant(yesterday.date + _DAY, clock, zone):
        return yesterday
    return ReportDay(yesterday.date - _DAY, zone)


def _instant(day: date, clock: time, zone: str) -> datetime:
    """When the zone's clock shows that, in UTC: of two times the first, and what it leaves out after the gap."""
    return datetime.combine(day, clock, tzinfo=_rules(zone)).astimezone(UTC)


def _rules(zone: str) -> ZoneInfo:
    rules = find_zone(zone)
    assert rules is not None, "settings name known zones only"
    return rules
