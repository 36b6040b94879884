"""For how long messages are kept, and when the night's work begins: pure functions of the clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from mailing.report_checks import clock
from mailing.settings import Settings
from mailing.timezones import find_zone

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Retention:
    """Messages are kept for so many days after their mailing's end, and removed from `at` on, by the zone's clock."""

    days: int
    at: time
    zone: str

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """As it is set; None where everything is kept."""
        if settings.retention_days is None:
            return None
        return cls(settings.retention_days, clock(settings.retention_at), settings.report_timezone)

    def ended_before(self, now: datetime) -> datetime:
        """What ended before this is to be removed.

        It stands still for a day and moves on each night. So there is nothing to remember: a night that was missed is
        made up for as soon as somebody looks, and whoever looks twice finds nothing.
        """
        return self.latest_night(now) - self.days * _DAY

    def latest_night(self, now: datetime) -> datetime:
        """When the clock last showed `at`, in UTC."""
        today = now.astimezone(_rules(self.zone)).date()
        tonight = self._night_of(today)
        return tonight if tonight <= now else self._night_of(today - _DAY)

    def _night_of(self, day: date) -> datetime:
        """Of two times the first; what the clock leaves out is after the gap."""
        return datetime.combine(day, self.at, tzinfo=_rules(self.zone)).astimezone(UTC)


def _rules(zone: str) -> ZoneInfo:
    rules = find_zone(zone)
    assert rules is not None, "settings name known zones only"
    return rules
