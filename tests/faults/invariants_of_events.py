"""What a subscriber must have been told."""

from collections import defaultdict
from itertools import pairwise

from tests.faults.evidence import Evidence
from tests.faults.observer import STATUSES, Event
from tests.faults.violation import InvariantViolatedError, none_of


def every_event_sums_to_the_audience(evidence: Evidence) -> None:
    """The counts of each event sum to its total, which never shrinks, and never exceeds the audience."""
    none_of("events that do not add up", (e for e in evidence.events if sum(e.counts.values()) != e.total))
    audience = {mailing.id: mailing.audience for mailing in evidence.mailings}
    none_of("events with too many messages", (e for e in evidence.events if e.total > audience[e.mailing_id]))
    none_of("totals that shrank", (f"{a} → {b}" for a, b in _pairs(evidence) if b.total < a.total))


def no_older_state_follows_a_newer(evidence: Evidence) -> None:
    """Neither on one connection nor from one to the next; and what is SENT stays SENT."""
    none_of("states that went back", (f"{a} → {b}" for a, b in _pairs(evidence) if b.updated_at < a.updated_at))
    none_of(
        "sent messages that vanished",
        (f"{a} → {b}" for a, b in _pairs(evidence) if b.counts["sent"] < a.counts["sent"]),
    )


def the_last_event_is_the_end(evidence: Evidence) -> None:
    """Each mailing's subscription ends, and the last state that it tells is what the books say."""
    last = {event.mailing_id: event.counts for event in evidence.events}
    for mailing in evidence.mailings:
        books = dict.fromkeys(STATUSES, 0)
        for message in evidence.books.messages:
            if message.mailing_id == mailing.id:
                books[message.status.lower()] += 1
        if mailing.id not in evidence.completed or last.get(mailing.id) != books:
            ended = "ended" if mailing.id in evidence.completed else "did not end"
            raise InvariantViolatedError(
                f"{mailing.name}: the subscription {ended}; last told {last.get(mailing.id)}, true {books}"
            )


def _pairs(evidence: Evidence) -> list[tuple[Event, Event]]:
    """Each event with the one after it, by mailing."""
    of_mailing: defaultdict[int, list[Event]] = defaultdict(list)
    for event in evidence.events:
        of_mailing[event.mailing_id].append(event)
    return [pair for events in of_mailing.values() for pair in pairwise(events)]
