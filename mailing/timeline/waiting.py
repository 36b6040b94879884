"""When a message waited for its client's window: told afterwards, for no row is written when a window closes.

A pure function of what is recorded: the tries, the edits of the window, the changes of the client's zone, the pauses.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from mailing.delivery.window import LocalTimeWindow, is_open, next_closing, next_opening
from mailing.messages.records import Attempt
from mailing.timeline.entries import EntryKind, TimelineEntry
from mailing.timeline.past import values_at, window_in

_TOLD = timedelta(days=31)
"""Of a longer wait, the first closed window and those of the last days are told of."""

_BEGINNING = datetime.min.replace(tzinfo=UTC)
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

    @property
    def stops_waiting_at(self) -> datetime:
        """Sooner than `over_at` where the client was deleted while a worker had it in its hands."""
        deletions = (event.at for event in self.events if event.kind is EntryKind.CLIENT_DELETED)
        return min([self.over_at, *deletions])


def closings(life: Life) -> list[Closing]:
    """Each time that the window was, or became, closed to the message while it waited and its mailing ran."""
    found: list[Closing] = []
    terms = _terms(life)
    for start, end in _waits(life):
        for moment, until, term in _pieces(terms, start, end):
            if term.window is not None and not term.is_paused:
                _look(found, term.window, term.timezone, moment, until)
    return found


class _Term(NamedTuple):
    """What held from a moment on, until the next one."""

    since: datetime
    window: LocalTimeWindow | None
    timezone: str
    is_paused: bool


def _terms(life: Life) -> list[_Term]:
    """In their order; the first one holds from the beginning."""
    # What changed for the client after the end did not reach the message; and a deletion took no zone from it.
    events = [event for event in life.events if event.client_id is None or event.at <= life.over_at]
    events = [event for event in events if event.kind is not EntryKind.CLIENT_DELETED]
    values = values_at(_BEGINNING, _present(life), events)
    terms = [_Term(_BEGINNING, window_in(values), values["timezone"], False)]
    for event in events:
        is_paused = event.kind is EntryKind.MAILING_PAUSED if event.kind in _STEERING else terms[-1].is_paused
        values |= {column: new for column, (_, new) in event.changes.items() if column in values}
        term = _Term(event.at, window_in(values), values["timezone"], is_paused)
        if term[1:] != terms[-1][1:]:
            terms.append(term)
    return terms


def _present(life: Life) -> dict[str, Any]:
    return {
        "window_opens_at": life.window.opens_at if life.window else None,
        "window_closes_at": life.window.closes_at if life.window else None,
        "timezone": life.timezone,
    }


def _waits(life: Life) -> Iterator[tuple[datetime, datetime]]:
    """When it was due and in nobody's hands."""
    start, end = life.created_at, life.stops_waiting_at
    for attempt in life.attempts:
        yield start, min(attempt.started_at, end)
        start = attempt.next_try_at or attempt.started_at + timedelta(milliseconds=attempt.duration_ms or 0)
    yield start, end


def _pieces(terms: Sequence[_Term], start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, _Term]]:
    """Cut a wait where the terms changed."""
    current = bisect_right(terms, start, key=lambda term: term.since) - 1
    while start < end:
        following = terms[current + 1].since if current + 1 < len(terms) else end
        yield start, min(following, end), terms[current]
        start, current = following, current + 1


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
        # On to a moment at which it is open, so that a night has the same beginning whenever it is told of.
        skipped_to = next_opening(window, zone, end - _TOLD)
        at = max(opens_at, skipped_to or opens_at)
