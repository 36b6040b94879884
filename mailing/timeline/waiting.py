"""When a message waited for its client's window: told afterwards, for no row is written when a window closes.

A pure function of what is recorded: the tries, the edits of the window, the changes of the client's zone, the pauses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from mailing.delivery.window import LocalTimeWindow, is_open, next_closing, next_opening
from mailing.messages.records import Attempt
from mailing.timeline.entries import EntryKind, TimelineEntry
from mailing.timeline.past import values_at, window_in

_TOLD = timedelta(days=31)
"""Of a longer wait, the first closed window and those of the last days are told of."""

_STEERING = (EntryKind.MAILING_STARTED, EntryKind.MAILING_PAUSED, EntryKind.MAILING_RESUMED)


class Closing(NamedTuple):
    """From `at` on it waited for a window that was to open at `until`; None: never."""

    at: datetime
    until: datetime | None
    timezone: str


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of a message's time, as of `now`."""

    created_at: datetime
    ended_at: datetime | None
    now: datetime
    window: LocalTimeWindow | None
    """The mailing's, after all of `events`."""
    timezone: str
    """As the message had it last."""
    attempts: Sequence[Attempt]
    events: Sequence[TimelineEntry]
    """Of its mailing and its client, in their order."""

    @property
    def over_at(self) -> datetime:
        return self.ended_at or self.now


def closings(life: Life) -> list[Closing]:
    """Each time that the window was, or became, closed to the message while it waited and its mailing ran."""
    found: list[Closing] = []
    for start, end in _waits(life):
        for moment, until in _pieces(life, start, end):
            window, zone = _window_at(life, moment), _zone_at(life, moment)
            if window is not None and not _is_paused(life, moment):
                _look(found, window, zone, moment, until)
    return found


def _waits(life: Life) -> Iterator[tuple[datetime, datetime]]:
    """When it was due and in nobody's hands."""
    start = life.created_at
    for attempt in life.attempts:
        yield start, attempt.started_at
        start = attempt.next_try_at or attempt.started_at + timedelta(milliseconds=attempt.duration_ms or 0)
    yield start, life.over_at


def _pieces(life: Life, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut a wait where window, zone or pause changed."""
    cuts = [event.at for event in life.events if start < event.at < end]
    yield from zip([start, *cuts], [*cuts, end], strict=True)


def _look(found: list[Closing], window: LocalTimeWindow, zone: str, at: datetime, end: datetime) -> None:
    while at < end:
        if is_open(window, zone, at):
            closes_at = next_closing(window, zone, at)
            if closes_at is None or closes_at >= end:
                return
            at = closes_at
        opens_at = next_opening(window, zone, at)
        if not found or found[-1].until != opens_at:  # Else it is the same night.
            found.append(Closing(at, opens_at, zone))
        if opens_at is None:
            return
        at = max(opens_at, end - _TOLD)


def _window_at(life: Life, moment: datetime) -> LocalTimeWindow | None:
    now = {
        "window_opens_at": life.window.opens_at if life.window else None,
        "window_closes_at": life.window.closes_at if life.window else None,
    }
    return window_in(values_at(moment, now, life.events))


def _zone_at(life: Life, moment: datetime) -> str:
    # What changed for the client after the end did not reach the message.
    reached = [event for event in life.events if event.at <= life.over_at]
    zone: str = values_at(moment, {"timezone": life.timezone}, reached)["timezone"]
    return zone


def _is_paused(life: Life, moment: datetime) -> bool:
    steered = [event.kind for event in life.events if event.kind in _STEERING and event.at <= moment]
    return bool(steered) and steered[-1] is EntryKind.MAILING_PAUSED
