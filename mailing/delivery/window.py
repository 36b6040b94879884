"""The hours of the client's own day in which a mailing may reach the client.

Everything is defined by instants: an instant is inside a window if the wall clock in the client's zone shows, at that
instant, a time of day inside it. So where clocks are put forward, a window that lies wholly within the skipped hour
does not open that day, and one that begins within it opens at the change; where they are put back, a window can open
twice. Nobody ever has to decide what a local time that does not exist, or exists twice, might mean.

An unknown zone is never inside a window: better a message too few than one at night.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from mailing.timezones import find_zone

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)

_HORIZON_DAYS = 4
"""How far to look ahead. The longest wait there is stays under two days: a window that has just closed, and falls
into the gap of the next one. (A date that a zone left out costs nothing: the time of day went on without a jump.)"""


@dataclass(frozen=True, slots=True)
class LocalTimeWindow:
    """A part of the day by the wall clock: from `opens_at`, inclusive, to `closes_at`, exclusive.

    Where it closes before it opens it crosses midnight. `local in window` tells whether a time of day is inside.
    Raises ValueError unless both are whole minutes without a zone, and differ.
    """

    opens_at: time
    closes_at: time

    def __post_init__(self) -> None:
        for clock in (self.opens_at, self.closes_at):
            if clock.tzinfo is not None or clock.second or clock.microsecond:
                raise ValueError(f"a window opens and closes at whole minutes of local time, not at {clock}")
        if self.opens_at == self.closes_at:
            raise ValueError(f"a window that opens and closes at {self.opens_at:%H:%M} is either empty or all day")

    @classmethod
    def between(cls, opens_at: time | None, closes_at: time | None) -> Self | None:
        """As two columns hold it; None where they hold none."""
        return None if opens_at is None or closes_at is None else cls(opens_at, closes_at)

    def __contains__(self, local: time) -> bool:
        if self.opens_at < self.closes_at:
            return self.opens_at <= local < self.closes_at
        return local >= self.opens_at or local < self.closes_at


def is_open(window: LocalTimeWindow | None, zone: str, at: datetime) -> bool:
    """Whether a client in `zone` may be reached at the instant `at` (aware).

    Without a window: always, whatever the zone. With one: never in a zone that `mailing.timezones` does not know.
    """
    if window is None:
        return True
    rules = find_zone(zone)
    return rules is not None and at.astimezone(rules).time() in window


def next_opening(window: LocalTimeWindow | None, zone: str, at: datetime) -> datetime | None:
    """The first instant from `at` (aware) on at which the window is open, in UTC: `at` itself if it is open then.

    None if it never opens, that is, in an unknown zone: in every known one it opens within days.
    """
    at = at.astimezone(UTC)
    if window is None:
        return at
    rules = find_zone(zone)
    return None if rules is None else _first_inside(window, rules, at)


def next_closing(window: LocalTimeWindow | None, zone: str, at: datetime) -> datetime | None:
    """The first instant after `at` (aware) at which the window, open at `at`, is closed again, in UTC.

    None if it is not open at `at`, and without a window, which never closes.
    """
    if window is None or not is_open(window, zone, at):
        return None
    outside = LocalTimeWindow(opens_at=window.closes_at, closes_at=window.opens_at)
    return next_opening(outside, zone, at)


def _first_inside(window: LocalTimeWindow, rules: ZoneInfo, at: datetime) -> datetime | None:
    for start, end in _steady_spans(rules, at):
        local = start.astimezone(rules).replace(tzinfo=None)
        if local.time() in window:
            return start
        opening = start + (datetime.combine(local, window.opens_at) - local) % _DAY
        if opening < end:
            return opening
    return None


def _steady_spans(rules: ZoneInfo, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut the days from `at` (UTC) on into spans [start, end) within which the zone's UTC offset does not change.

    Days are searched one by one, for at most one change each: in all of the IANA data two changes of the same zone
    are at least six days apart (a test counts them).
    """
    for _ in range(_HORIZON_DAYS):
        end = at + _DAY
        if _offset(rules, at) != _offset(rules, end):
            change = _first_instant_of_offset(rules, at, end)
            yield at, change
            at = change
        yield at, end
        at = end


def _first_instant_of_offset(rules: ZoneInfo, start: datetime, end: datetime) -> datetime:
    """When, between `start`, exclusive, and `end`, the zone takes up the offset that it has at `end`."""
    offset = _offset(rules, end)
    whole = start.replace(microsecond=0)  # Offsets change at whole seconds of UTC.
    seconds = range((end - whole) // _SECOND)
    return whole + _SECOND * bisect_left(seconds, True, key=lambda s: _offset(rules, whole + _SECOND * s) == offset)


def _offset(rules: ZoneInfo, at: datetime) -> timedelta:
    """Local time minus UTC. Not `utcoffset()`: that looks the offset up again, by the local time."""
    return at.astimezone(rules).replace(tzinfo=None) - at.replace(tzinfo=None)
