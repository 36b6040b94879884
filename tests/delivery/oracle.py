"""The window once more, from another library and the other way round: from local times to instants.

`whenever` (its Rust half) reads the same `tzdata` package, so that only the code differs, not the data. Where the
product goes along the instants and looks at the clock, this asks at which instants the clock shows 09:00.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from whenever import Instant, PlainDateTime, ZonedDateTime, clear_tzcache, reset_tzpath

from mailing.delivery.window import LocalTimeWindow

reset_tzpath(())  # No folder of the system: the package is what remains.
clear_tzcache()


def is_open(window: LocalTimeWindow, zone: str, at: datetime) -> bool:
    """Whether fewer minutes have passed since the last opening by the wall clock than the window is long."""
    clock = Instant(at).to_tz(zone)
    return (60 * clock.hour + clock.minute - _minutes(window.opens_at)) % 1440 < _length(window)


def next_opening(window: LocalTimeWindow, zone: str, at: datetime) -> datetime | None:
    """The first instant from `at` on that is inside."""
    return _first(window.opens_at, zone, at, lambda instant: is_open(window, zone, instant))


def next_closing(window: LocalTimeWindow, zone: str, at: datetime) -> datetime | None:
    """The first instant from `at` on that is outside, if `at` is inside."""
    if not is_open(window, zone, at):
        return None
    return _first(window.closes_at, zone, at, lambda instant: not is_open(window, zone, instant))


def changes(zone: str, after: datetime, until: datetime) -> Iterator[datetime]:
    """Each instant at which the zone's UTC offset changes."""
    before = Instant(after).to_tz(zone)
    while (now := before.next_transition()) is not None and now.to_instant() <= Instant(until):
        if now.offset != before.offset:
            yield _instant(now)
        before = now


def _first(clock: time, zone: str, at: datetime, wanted: Callable[[datetime], bool]) -> datetime | None:
    """Things change only when the clock shows `clock`, or when it jumps: the first such instant that is wanted."""
    jumps = changes(zone, at, at + timedelta(days=5))
    ticks = (tick for day in range(-2, 6) for tick in _ticks(clock, zone, at.date() + timedelta(days=day)))
    return min((instant for instant in (at, *jumps, *ticks) if instant >= at and wanted(instant)), default=None)


def _ticks(clock: time, zone: str, day: date) -> Iterator[datetime]:
    """The instants of a date at which the clock shows a time: one; two where clocks are put back; or some other
    instant of the gap, where they are put forward, which does no harm: it is inside or it is not."""
    local = PlainDateTime(day.year, day.month, day.day, clock.hour, clock.minute)
    yield _instant(local.assume_tz(zone, disambiguation="earlier"))
    yield _instant(local.assume_tz(zone, disambiguation="later"))


def _instant(moment: ZonedDateTime) -> datetime:
    return moment.to_instant().to_stdlib().astimezone(UTC)


def _length(window: LocalTimeWindow) -> int:
    return (_minutes(window.closes_at) - _minutes(window.opens_at)) % 1440


def _minutes(clock: time) -> int:
    return 60 * clock.hour + clock.minute
