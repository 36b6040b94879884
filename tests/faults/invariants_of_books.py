"""What the database must say in the end."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from tests.faults.evidence import AttemptRow, CountRow, Evidence, MailingRow, MessageRow
from tests.faults.mailings import CLOSING_ZONE, OPEN_ZONE, OPENING_ZONE, Created
from tests.faults.violation import InvariantViolatedError, none_of

FINAL = frozenset({"SENT", "FAILED", "EXPIRED", "UNCONFIRMED", "CANCELLED"})
_DOUBTFUL = frozenset({"LOST", "UNANSWERED"})
"""Outcomes after which the provider may have the message."""

_TIME_ENOUGH = timedelta(seconds=9)
"""Where nothing fails any more, and the window is open, so long before a mailing's end, everybody is reached."""


def nothing_is_lost(evidence: Evidence) -> None:
    """Each client of an audience has exactly one message, with a final state.

    The audience of a mailing that was cancelled before it was complete stays as it was.
    """
    of_mailing: defaultdict[int, list[MessageRow]] = defaultdict(list)
    for message in evidence.books.messages:
        of_mailing[message.mailing_id].append(message)
    unselected = {row.id for row in evidence.books.mailings if not row.is_selected} & _cancelled(evidence)
    for mailing in evidence.mailings:
        messages = of_mailing[mailing.id]
        clients = {message.client_id for message in messages}
        if mailing.id in unselected:
            none_of("messages of one client", messages[len(clients) :])
        elif not len(messages) == len(clients) == mailing.audience:
            raise InvariantViolatedError(
                f"{mailing.name}: {mailing.audience} clients were chosen, "
                f"{len(messages)} messages are for {len(clients)} clients"
            )
    none_of("messages without a final state", (m for m in evidence.books.messages if m.status not in FINAL))


def every_mailing_ends(evidence: Evidence) -> None:
    """FINISHED, or CANCELLED if it was."""
    cancelled = _cancelled(evidence)
    status = {mailing.id: mailing.status for mailing in evidence.books.mailings}
    none_of(
        "mailings that did not end",
        (
            f"{mailing.name} is {status.get(mailing.id)}"
            for mailing in evidence.mailings
            if status.get(mailing.id) != ("CANCELLED" if mailing.id in cancelled else "FINISHED")
        ),
    )


def every_message_ends_as_it_should(evidence: Evidence) -> None:
    """SENT, with these exceptions, each of which must be explained.

    * FAILED: its last try was refused for good (400).
    * UNCONFIRMED: the same, or its time was over, and an earlier try went unanswered.
    * EXPIRED and CANCELLED: its time was over, and no try went unanswered.

    Time is over only for a mailing that was cancelled or ended with the chaos, and for clients whose window closed
    during the mailing or did not open soon enough.
    """
    tries: defaultdict[int, list[AttemptRow]] = defaultdict(list)
    for attempt in evidence.books.attempts:
        tries[attempt.message_id].append(attempt)
    rows = {row.id: row for row in evidence.books.mailings}
    calm_from = max((fault.ended_at for fault in evidence.faults), default=0)
    short = {mailing.id: _times_are_short(rows[mailing.id], mailing, calm_from) for mailing in evidence.mailings}
    cancelled = _cancelled(evidence)
    none_of(
        "messages with the wrong end",
        (
            f"{m}, tries {[f'{t.outcome} {t.http_status}' for t in tries[m.id]]}"
            for m in evidence.books.messages
            if m.status
            not in _right_ends(
                m, tries[m.id], cancelled=m.mailing_id in cancelled, time_was_short=short[m.mailing_id][m.timezone]
            )
        ),
    )


def nothing_is_left_behind(evidence: Evidence) -> None:
    """Nothing is SENDING, and no slot is leased."""
    none_of("messages still SENDING", (m for m in evidence.books.messages if m.status == "SENDING"))
    none_of("slots still leased", (slot for slot in evidence.books.slots if slot.token is not None))


def counters_are_exact(evidence: Evidence) -> None:
    """In every dimension the counters say what counting one by one says."""
    counted = {(row.mailing_id, row.dimension, row.value): row.counts for row in evidence.books.counts if row.counts}
    truth = {(row.mailing_id, row.dimension, row.value): row.counts for row in _recount(evidence.books.messages)}
    none_of(
        "counters that are wrong",
        (
            f"{key}: counted {counted.get(key)}, true {truth.get(key)}"
            for key in sorted(counted.keys() | truth.keys())
            if counted.get(key) != truth.get(key)
        ),
    )


def tallies_are_exact(evidence: Evidence) -> None:
    """Each message is tallied once, with its end and the reason of that, whatever became of it on the way."""
    tallied = {(row.mailing_id, row.status, row.reason): row.messages for row in evidence.books.endings}
    truth = Counter((m.mailing_id, m.status, m.reason or "") for m in evidence.books.messages)
    none_of(
        "tallies that are wrong",
        (
            f"{key}: tallied {tallied.get(key, 0)}, true {truth[key]}"
            for key in sorted(tallied.keys() | truth.keys())
            if tallied.get(key, 0) != truth[key]
        ),
    )


def histories_are_exact(evidence: Evidence) -> None:
    """The bins of a mailing's life sum to its messages by their ends, and none is below zero."""
    told: Counter[tuple[int, str]] = Counter()
    for row in evidence.books.histories:
        told[row.mailing_id, row.status] += row.messages
    truth = Counter((m.mailing_id, m.status) for m in evidence.books.messages)
    none_of("bins below zero", (row for row in evidence.books.histories if row.messages < 0))
    none_of(
        "histories that are wrong",
        (
            f"{key}: told {told[key]}, true {truth[key]}"
            for key in sorted(told.keys() | truth.keys())
            if told[key] != truth[key]
        ),
    )


def every_try_is_noted(evidence: Evidence) -> None:
    """Each message has one attempt for each try that it spent, within the limit, and one for each request.

    A refused token, and a probe of a provider that fails, have an attempt and spend no try.
    """
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    noted: Counter[int] = Counter()
    for attempt in evidence.books.attempts:
        noted[attempt.message_id] += 1
        if attempt.spent:
            numbers[attempt.message_id].append(attempt.number)
    none_of(
        "messages whose tries are not noted",
        (
            f"{message}, noted {numbers[message.id]}"
            for message in evidence.books.messages
            if sorted(numbers[message.id]) != list(range(1, message.attempts + 1))
        ),
    )
    none_of(
        "messages with too many tries",
        (message for message in evidence.books.messages if message.attempts > evidence.limits.max_attempts),
    )
    arrived = Counter(request.id for request in evidence.requests)
    none_of(
        "messages with more requests than tries",
        (f"{id}: {count} requests, {noted[id]} tries" for id, count in arrived.items() if count > noted[id]),
    )


def _right_ends(message: MessageRow, tries: list[AttemptRow], *, cancelled: bool, time_was_short: bool) -> set[str]:
    doubtful = any(each.outcome in _DOUBTFUL for each in tries)
    if tries and tries[-1].outcome == "REFUSED":
        return {"UNCONFIRMED" if doubtful else "FAILED"}
    if cancelled:
        return {"SENT", "UNCONFIRMED" if doubtful else "CANCELLED"}
    return {"SENT", "UNCONFIRMED" if doubtful else "EXPIRED"} if time_was_short else {"SENT"}


def _times_are_short(row: MailingRow, mailing: Created, calm_from: float) -> dict[str, bool]:
    """By zone, whether there may have been too little time for everybody there. The last fault ended at `calm_from`."""
    latest_start = (row.ends_at - _TIME_ENOUGH).timestamp()
    turns_at = mailing.turns_at.timestamp() if mailing.turns_at else None
    return {
        OPEN_ZONE: calm_from > latest_start,
        CLOSING_ZONE: calm_from > latest_start or (turns_at is not None and turns_at < row.ends_at.timestamp()),
        OPENING_ZONE: calm_from > latest_start or (turns_at is not None and turns_at > latest_start),
    }


def _cancelled(evidence: Evidence) -> set[int]:
    return {moment.mailing_id for moment in evidence.moments if moment.mutation == "cancelMailing"}


def _recount(messages: list[MessageRow]) -> Iterator[CountRow]:
    counts: defaultdict[tuple[int, str, str], Counter[str]] = defaultdict(Counter)
    for message in messages:
        values = {
            "": "",
            "operator_code": message.operator_code,
            "tag": message.tag,
            "timezone": message.timezone,
            "reason": message.reason,
        }
        for dimension, value in values.items():
            if value is not None:
                counts[message.mailing_id, dimension, value][message.status.lower()] += 1
                if message.status == "PENDING" and message.uncertain:
                    counts[message.mailing_id, dimension, value]["uncertain"] += 1
    return (CountRow(*key, dict(counted)) for key, counted in counts.items())
