"""What the provider must, and must not, have seen. Moments are by the provider's own clock."""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from mailing.delivery.window import is_open
from tests.faults.bound import bound, broken_leases, count_repeats, most_in_hand
from tests.faults.evidence import Evidence, MailingRow
from tests.faults.journal import Request
from tests.faults.mailings import Created
from tests.faults.violation import InvariantViolatedError, none_of

WAY_SECONDS = 0.1
"""From the last check to the provider's own clock: the request leaves with the worker's event loop's next round, and is
stamped when the provider's process has its turn. Some milliseconds on a quiet machine; this many where a dozen busy
processes share two cores."""

PAUSE_SECONDS = 0.8
"""From the API's confirmation until every pump has seen it: a quarter of a second to its next statement, the statement
itself, and the way; the statement waits for its turn where a dozen busy processes share two cores."""

_MAY_BE_TAKEN = frozenset({"SENT", "UNCONFIRMED"})


def provider_and_books_agree(evidence: Evidence) -> None:
    """Nothing is SENT that was not accepted, and what was accepted is SENT or UNCONFIRMED: under its id, to its phone,
    with its mailing's text."""
    messages = {message.id: message for message in evidence.books.messages}
    text = {mailing.id: mailing.name.value for mailing in evidence.mailings}
    accepted = {entry.id: entry for entry in evidence.accepted}
    sent = (message for message in messages.values() if message.status == "SENT")
    none_of("messages SENT and not accepted", (message for message in sent if message.id not in accepted))
    none_of(
        "messages accepted and not counted as such",
        (messages.get(id, id) for id in accepted if id not in messages or messages[id].status not in _MAY_BE_TAKEN),
    )
    none_of(
        "messages accepted with a wrong phone or text",
        (
            entry
            for entry in evidence.accepted
            if (entry.phone, entry.text) != (messages[entry.id].phone, text[messages[entry.id].mailing_id])
        ),
    )
    taken = {request.id for request in evidence.requests if request.taken}
    none_of("ids on which ledger and journal differ", taken ^ accepted.keys())


def repeats_stay_within_their_bound(evidence: Evidence) -> None:
    """Within `bound`, each explained by an earlier try of the same message; no pump had more in hand than is promised;
    and a provider that drops what it has seen has taken nothing twice."""
    repeats, most = count_repeats(evidence), bound(evidence)
    if repeats > most.most:
        raise InvariantViolatedError(f"{repeats} repeats, at most {most.most} are explained: {most}")
    none_of(
        "leases that broke with too much in hand",
        (lease for lease in broken_leases(evidence) if lease.handed_over > most_in_hand(evidence)),
    )
    doubtful = Counter(a.message_id for a in evidence.books.attempts if a.outcome in ("LOST", "UNANSWERED"))
    taken = Counter(request.id for request in evidence.requests if request.taken)
    none_of(
        "messages repeated without a doubtful try",
        (
            f"{id}: taken {times} times, {doubtful[id]} doubtful tries"
            for id, times in taken.items()
            if times > doubtful[id] + 1
        ),
    )
    if evidence.idempotent:
        accepted = Counter(entry.id for entry in evidence.accepted)
        none_of("messages accepted twice", (id for id, times in accepted.items() if times > 1))


def nothing_after_the_end(evidence: Evidence) -> None:
    """No request arrives after the mailing's end, nor before its start."""
    none_of(
        "requests outside their mailing's time",
        (
            f"{mailing.id}: {request}, {request.arrived_at - mailing.ends_at.timestamp():+.3f} s from its end"
            for request, mailing, _ in _of_mailings(evidence)
            if not mailing.starts_at.timestamp() <= request.arrived_at < mailing.ends_at.timestamp() + WAY_SECONDS
        ),
    )


def nothing_outside_the_window(evidence: Evidence) -> None:
    """No request arrives while the client's own clock stands outside the mailing's window."""
    zones = {message.id: message.timezone for message in evidence.books.messages}
    none_of(
        "requests outside the window",
        (
            f"{zones[request.id]}: {request}"
            for request, _, created in _of_mailings(evidence)
            if created.window and not _is_inside(created, zones[request.id], request.arrived_at)
        ),
    )


def nothing_while_paused_or_cancelled(evidence: Evidence) -> None:
    """From PAUSE_SECONDS after the API confirmed it. Where a pump was kept from the database, or was stopped, that is
    `lease - timeout - 1 s`: no pump sends for longer without having heard from it."""
    none_of(
        "requests after a pause or a cancellation",
        (
            f"{request}, {request.arrived_at - since:.3f} s after it was confirmed"
            for mailing_id, since, until in _quiet_times(evidence)
            for request, mailing, _ in _of_mailings(evidence)
            if mailing.id == mailing_id and since + _seen_within(evidence, since) < request.arrived_at < until
        ),
    )


def _of_mailings(evidence: Evidence) -> Iterator[tuple[Request, MailingRow, Created]]:
    """Each request with its mailing. One for an unknown id belongs to none: `provider_and_books_agree` finds it."""
    mailing_of = {message.id: message.mailing_id for message in evidence.books.messages}
    rows = {mailing.id: mailing for mailing in evidence.books.mailings}
    created = {mailing.id: mailing for mailing in evidence.mailings}
    for request in evidence.requests:
        if (mailing_id := mailing_of.get(request.id)) is not None:
            yield request, rows[mailing_id], created[mailing_id]


def _is_inside(mailing: Created, zone: str, arrived_at: float) -> bool:
    """Inside when it arrived, or so shortly before that it was on its way when the window closed."""
    return any(
        is_open(mailing.window, zone, datetime.fromtimestamp(moment, UTC))
        for moment in (arrived_at, arrived_at - WAY_SECONDS)
    )


def _quiet_times(evidence: Evidence) -> Iterator[tuple[int, float, float]]:
    """Mailing, since when (confirmed) and until when (asked to resume)."""
    for number, moment in enumerate(evidence.moments):
        if moment.mutation != "resumeMailing":
            later = evidence.moments[number + 1 :]
            resumed = (m.asked_at for m in later if m.mutation == "resumeMailing" and m.mailing_id == moment.mailing_id)
            is_pause = moment.mutation == "pauseMailing"
            yield moment.mailing_id, moment.confirmed_at, next(resumed, math.inf) if is_pause else math.inf


def _seen_within(evidence: Evidence, since: float) -> float:
    longest = evidence.limits.sending
    hindered = any(
        fault.breaks_leases and fault.began_at < since + longest and fault.ended_at > since for fault in evidence.faults
    )
    return WAY_SECONDS + (longest if hindered else PAUSE_SECONDS)
