"""Which mailings will miss their end: rules without a clock.

Told are mailings that will not be done *even if* nothing else gets in their way, so `will_miss` is a least number, and
a mailing that is not told may be late all the same.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailing.delivery.window import LocalTimeWindow, next_closing, next_opening
from mailing.models.mailing import MailingStatus
from mailing.reports.figures import MailingAtRisk, Risk
from mailing.timezones import find_zone

STALLED_AFTER = timedelta(minutes=15)
"""A mailing that has run for this long, and has sent nothing although messages were due, stands still."""
YOUNG = timedelta(minutes=2)
"""Until then what a mailing has sent says little of how fast it is: its messages are still being written."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mailing that is under way."""

    id: int
    text: str
    status: MailingStatus
    started_at: datetime
    ends_at: datetime
    window: LocalTimeWindow | None
    max_rate: int | None
    left: Mapping[str, int]
    """Messages that wait or are being sent, by the client's zone."""
    rate: float
    """Messages a second in its best quarter of an hour of the last one; 0: none."""
    is_busy: bool
    """Messages are due now: what keeps it from being faster is not that there is nothing to send."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is the same for all of them."""

    now: datetime
    best_rate: float
    """Messages a second of all mailings together, in their best quarter of an hour of the last day; 0: none."""
    is_held: bool
    """Nothing leaves to the provider."""


def judge(mailing: Candidate, conditions: Conditions) -> MailingAtRisk | None:
    """Why it will miss its end, and by how much at least; None where nothing says that it will."""
    left = sum(mailing.left.values())
    if not left:
        return None
    if mailing.status is MailingStatus.PAUSED:
        return _at_risk(mailing, Risk.PAUSED, left)
    if conditions.is_held:
        return _at_risk(mailing, Risk.HELD, left)
    rate = _rate(mailing, conditions)
    if rate == 0 and mailing.is_busy and conditions.now - mailing.started_at >= STALLED_AFTER:
        return _at_risk(mailing, Risk.STALLED, left)
    open_seconds = _open_seconds(mailing, conditions.now)
    shut_out = sum(count for zone, count in mailing.left.items() if not open_seconds[zone])
    too_many = _too_many(mailing, conditions.now, open_seconds, rate) if rate else 0
    if too_many > shut_out:
        return _at_risk(mailing, Risk.TOO_SLOW, too_many, rate)
    return _at_risk(mailing, Risk.CLOSED, shut_out) if shut_out else None


def _rate(mailing: Candidate, conditions: Conditions) -> float:
    """What it can reach; 0: nothing says.

    One that has messages due shows itself how fast it is, unless it has only begun. One that waits for its window has
    sent what little there was to send: it may become as fast as all together have been.
    """
    if mailing.is_busy and conditions.now - mailing.started_at < YOUNG:
        return float(mailing.max_rate or 0)
    seen = mailing.rate if mailing.is_busy else max(mailing.rate, conditions.best_rate)
    if mailing.max_rate is None:
        return seen
    return min(seen, mailing.max_rate) if seen or mailing.is_busy else float(mailing.max_rate)


def _open_seconds(mailing: Candidate, now: datetime) -> dict[str, float]:
    """How long each zone's window is open until the end.

    Zones are many, and their clocks few: it is found once for all that show the same time throughout.
    """
    by_clock: dict[tuple[timedelta | None, ...], float] = {}
    seconds = {}
    for zone in mailing.left:
        clock = _clock(zone, now, mailing.ends_at)
        if clock not in by_clock:
            by_clock[clock] = _open_between(mailing.window, zone, now, mailing.ends_at)
        seconds[zone] = by_clock[clock]
    return seconds


def _clock(zone: str, start: datetime, end: datetime) -> tuple[timedelta | None, ...]:
    """How far the zone's clock is ahead of UTC, day by day: no zone changes its clocks twice within one."""
    rules = find_zone(zone)
    if rules is None:
        return ()
    days = range(1 + (end - start) // timedelta(days=1))
    moments = [*(start + timedelta(days=n) for n in days), end]
    return tuple(at.astimezone(rules).utcoffset() for at in moments)


def _open_between(window: LocalTimeWindow | None, zone: str, start: datetime, end: datetime) -> float:
    seconds = 0.0
    at = next_opening(window, zone, start)
    while at is not None and at < end:
        closes = next_closing(window, zone, at)
        until = end if closes is None else min(closes, end)
        seconds += (until - at).total_seconds()
        at = None if closes is None else next_opening(window, zone, closes)
    return seconds


def _too_many(mailing: Candidate, now: datetime, open_seconds: Mapping[str, float], rate: float) -> int:
    """More than can be sent at that rate: in some zones while they are open, or of all until the end."""
    of_zones = sum(max(0.0, count - rate * open_seconds[zone]) for zone, count in mailing.left.items())
    of_all = sum(mailing.left.values()) - rate * (mailing.ends_at - now).total_seconds()
    return math.ceil(max(of_zones, of_all, 0.0))


def _at_risk(mailing: Candidate, risk: Risk, will_miss: int, rate: float | None = None) -> MailingAtRisk:
    left = sum(mailing.left.values())
    return MailingAtRisk(mailing.id, mailing.text, mailing.ends_at, left, will_miss, risk, rate)
