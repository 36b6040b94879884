"""How often the provider may have been sent what it had taken already, and how often it was.

A message is sent again after it was taken only because the service could not know that it was: the answer was lost on
its way, or was known to a pump that could not write it down. So the bound is the sum of

* the requests that the provider took and did not answer within the service's timeout;
* for each lease that was broken off, by a killed or stopped worker or a database that was away: those of its messages
  that the provider had taken by then. They were in flight, or their results not yet written: `most_in_hand` of them at
  the very most, which is what docs/guarantees.md promises of each pump;
* answers that left and were not read: a worker that was stopped finds them too late, and a provider that resets its
  connections takes back what the worker has not read yet.

A worker that is told to stop adds nothing, nor does anything else.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from mailing.delivery.senders import MOST_UNWRITTEN
from tests.faults.evidence import AttemptRow, Evidence, PlayedFault
from tests.faults.journal import Request

_CLOCKS_APART = 0.25
"""Seconds. What a worker takes for the database's time is ahead of it by up to what a statement took."""

_KEEP_FROM_READING = frozenset({("worker", "frozen"), ("provider", "refuses connections")})


@dataclass(frozen=True, slots=True)
class BrokenLease:
    """A lease whose messages were taken back, all in one transaction."""

    mailing_id: int
    taken_back_at: float
    messages: int
    handed_over: int
    """How many of them the provider had taken, and had not taken before."""


@dataclass(frozen=True, slots=True)
class Bound:
    """`most` repeats are explained by these three."""

    lost_answers: int
    handed_over_by_broken_leases: int
    not_read: int

    @property
    def most(self) -> int:
        return self.lost_answers + self.handed_over_by_broken_leases + self.not_read


def most_in_hand(evidence: Evidence) -> int:
    """What a pump may have handed over and not yet written."""
    return evidence.limits.concurrency + MOST_UNWRITTEN


def count_repeats(evidence: Evidence) -> int:
    """Requests for what the provider had taken before, whether it dropped them or took them again."""
    taken = Counter(request.id for request in evidence.requests if request.taken)
    return sum(taken.values()) - len(taken)


def bound(evidence: Evidence) -> Bound:
    """From the faults that were played, as the provider and the books saw them."""
    return Bound(
        sum(_is_lost(request, evidence) for request in evidence.requests),
        sum(lease.handed_over for lease in broken_leases(evidence)),
        sum(1 for _ in _unread_answers(evidence)),
    )


def broken_leases(evidence: Evidence) -> list[BrokenLease]:
    """In the order in which they were taken back."""
    mailing_of = {message.id: message.mailing_id for message in evidence.books.messages}
    taken_back: Counter[tuple[float, int]] = Counter()
    handed_over: Counter[tuple[float, int]] = Counter()
    for attempt, was_taken in _lost_tries(evidence):
        key = attempt.started_at, mailing_of[attempt.message_id]
        taken_back[key] += 1
        handed_over[key] += was_taken
    return [BrokenLease(mailing_id, at, n, handed_over[at, mailing_id]) for (at, mailing_id), n in taken_back.items()]


def _lost_tries(evidence: Evidence) -> Iterator[tuple[AttemptRow, bool]]:
    """Each with whether the provider took a request of that very try. It is noted when the message is taken back."""
    arrivals: defaultdict[int, list[float]] = defaultdict(list)
    for request in evidence.requests:
        if request.taken:
            arrivals[request.id].append(request.arrived_at)
    over_since: defaultdict[int, float] = defaultdict(float)
    for attempt in sorted(evidence.books.attempts, key=lambda attempt: attempt.started_at):
        arrived = arrivals[attempt.message_id]
        if attempt.outcome == "LOST":
            before = bisect_right(arrived, over_since[attempt.message_id])
            yield attempt, bisect_right(arrived, attempt.started_at) > before
        # Between the arrival of this try and that of the next, with as much room as there is for clocks that differ.
        over_since[attempt.message_id] = sum(_times(attempt)) / 2


def _is_lost(request: Request, evidence: Evidence) -> bool:
    """The service begins to wait some moments before the request arrives, and hears some moments after the answer."""
    patience = 0.9 * evidence.limits.timeout
    return request.taken and (request.answered_at is None or request.answered_at - request.arrived_at > patience)


def _unread_answers(evidence: Evidence) -> Iterator[AttemptRow]:
    """Tries that ended without an answer though there was one, under a fault that keeps workers from reading it."""
    answered: defaultdict[int, list[float]] = defaultdict(list)
    for request in evidence.requests:
        if request.taken and not _is_lost(request, evidence):
            answered[request.id].append(request.arrived_at)
    faults = [fault for fault in evidence.faults if (fault.target.split()[0], fault.name) in _KEEP_FROM_READING]
    for attempt in evidence.books.attempts:
        if attempt.outcome == "UNANSWERED" and any(_overlaps(attempt, fault) for fault in faults):
            began, ended = _times(attempt)
            if any(began - _CLOCKS_APART < arrived_at < ended for arrived_at in answered[attempt.message_id]):
                yield attempt


def _overlaps(attempt: AttemptRow, fault: PlayedFault) -> bool:
    began, ended = _times(attempt)
    return began < fault.ended_at and ended > fault.began_at


def _times(attempt: AttemptRow) -> tuple[float, float]:
    return attempt.started_at, attempt.started_at + (attempt.duration_ms or 0) / 1000
