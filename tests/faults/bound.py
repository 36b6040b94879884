"""How often the provider may have been sent what it had taken already, and how often it was.

A message is sent again after it was taken only because the service could not know that it was: the answer was lost on
its way, or was known to a pump that could not write it down. So the bound is the sum of

* the requests that the provider took and did not answer within the service's timeout;
* for each lease that was broken off, by a killed or stopped worker or a database that was away: what that pump had in
  its hands, at most `concurrency` requests in flight and 256 results (docs/guarantees.md), and never more than the
  messages that were taken back from it;
* for each worker that was stopped and went on in time to keep its leases: the requests whose answers it found too late.

A worker that is told to stop, and everything else, adds nothing.
"""

from collections import Counter
from dataclasses import dataclass

from mailing.delivery.senders import MOST_UNWRITTEN
from tests.faults.evidence import AttemptRow, Evidence, PlayedFault
from tests.faults.journal import Request

_FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class BrokenLease:
    """A lease whose messages were taken back, all in one transaction."""

    mailing_id: int
    taken_back_at: float
    messages: int


@dataclass(frozen=True, slots=True)
class Bound:
    """`most` repeats are explained by these three."""

    lost_answers: int
    held_by_broken_leases: int
    found_too_late: int

    @property
    def most(self) -> int:
        return self.lost_answers + self.held_by_broken_leases + self.found_too_late


def count_repeats(evidence: Evidence) -> int:
    """Requests for what the provider had taken before, whether it dropped them or took them again."""
    taken = Counter(request.id for request in evidence.requests if request.taken)
    return sum(taken.values()) - len(taken)


def bound(evidence: Evidence) -> Bound:
    """From the faults that were played, as the provider and the books saw them."""
    most_in_hand = evidence.limits.concurrency + MOST_UNWRITTEN
    return Bound(
        sum(_is_lost(request, evidence) for request in evidence.requests),
        sum(min(lease.messages, most_in_hand) for lease in broken_leases(evidence)),
        sum(_was_found_too_late(attempt, evidence) for attempt in evidence.books.attempts),
    )


def broken_leases(evidence: Evidence) -> list[BrokenLease]:
    """In the order in which they were taken back."""
    mailing_of = {message.id: message.mailing_id for message in evidence.books.messages}
    taken_back = Counter(
        (attempt.started_at, mailing_of[attempt.message_id])
        for attempt in evidence.books.attempts
        if attempt.outcome == "LOST"
    )
    return [BrokenLease(mailing_id, at, messages) for (at, mailing_id), messages in sorted(taken_back.items())]


def _is_lost(request: Request, evidence: Evidence) -> bool:
    """The service begins to wait some moments before the request arrives, and hears some moments after the answer."""
    patience = 0.9 * evidence.limits.timeout
    return request.taken and (request.answered_at is None or request.answered_at - request.arrived_at > patience)


def _was_found_too_late(attempt: AttemptRow, evidence: Evidence) -> bool:
    return attempt.outcome == "UNANSWERED" and any(
        fault.name == _FROZEN and fault.target.startswith("worker") and _overlaps(attempt, fault)
        for fault in evidence.faults
    )


def _overlaps(attempt: AttemptRow, fault: PlayedFault) -> bool:
    ended_at = attempt.started_at + (attempt.duration_ms or 0) / 1000
    return attempt.started_at < fault.ended_at and ended_at > fault.began_at
