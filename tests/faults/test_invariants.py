"""Every invariant holds for a good run, and each can fail: on evidence that is doctored in one place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mailing.provider.fake.ledger import Entry
from tests.faults.doctored import (
    BEGAN_AT,
    ENDING,
    GREAT,
    STEERED,
    WINDOW,
    at,
    event,
    fault,
    good_evidence,
    message,
    with_books,
    with_message,
    with_requests,
    with_tries,
)
from tests.faults.evidence import AttemptRow, CountRow, EndingRow, Evidence, HistoryRow, SlotRow
from tests.faults.invariants import INVARIANTS, violations
from tests.faults.journal import Request
from tests.faults.keeper import UnplannedEnd
from tests.faults.mailings import OPEN_ZONE
from tests.faults.observer import Event
from tests.faults.steering import Moment

Doctor = Callable[[Evidence], Evidence]

# Ids: ten times the mailing, and 0 for the open zone, 1 for the closing, 2 for the opening one.
_LOST_TRY = AttemptRow(10, 1, at(2), None, "LOST", None)
_REFUSED_TRY = AttemptRow(10, 1, at(2), 50, "REFUSED", 400)
_PAUSED = Moment("pauseMailing", STEERED, at(4), at(4.1))
_RESUMED = Moment("resumeMailing", STEERED, at(8), at(8.1))
_CANCELLED = Moment("cancelMailing", STEERED, at(4), at(4.1))


def _without_message(evidence: Evidence) -> Evidence:
    return with_books(evidence, messages=evidence.books.messages[1:])


def _with_second_message(evidence: Evidence) -> Evidence:
    again = message(99, GREAT, OPEN_ZONE, client_id=evidence.books.messages[0].client_id)
    return with_books(evidence, messages=[*evidence.books.messages, again])


def _unselected(evidence: Evidence) -> Evidence:
    rows = [replace(row, is_selected=row.id != STEERED) for row in evidence.books.mailings]
    messages = [message for message in evidence.books.messages if message.mailing_id != STEERED]
    return with_books(evidence, mailings=rows, messages=messages)


def _with_mailing_status(status: str, mailing: int = GREAT) -> Doctor:
    def doctor(evidence: Evidence) -> Evidence:
        rows = [replace(row, status=status) if row.id == mailing else row for row in evidence.books.mailings]
        return with_books(evidence, mailings=rows)

    return doctor


def _with_count(**counts: int) -> Doctor:
    return lambda evidence: with_books(
        evidence, counts=[CountRow(GREAT, "reason", "worker died", counts), *evidence.books.counts]
    )


def _with_ending(status: str, reason: str, messages: int) -> Doctor:
    return lambda evidence: with_books(
        evidence, endings=[*evidence.books.endings, EndingRow(GREAT, status, reason, messages)]
    )


def _with_history(*messages: int) -> Doctor:
    return lambda evidence: with_books(
        evidence, histories=[*evidence.books.histories, *(HistoryRow(GREAT, "SENT", BEGAN_AT, n) for n in messages)]
    )


def _repeated(evidence: Evidence) -> Evidence:
    return with_requests(evidence, Request(10, at(3), True, at(3.05), 200))


def _broken_lease_with(count: int) -> Doctor:
    """One lease that had handed over so many; a pump may have 4 in flight, and 256 results."""
    ids = range(1_000, 1_000 + count)

    def doctor(evidence: Evidence) -> Evidence:
        lost = [AttemptRow(id, 1, at(7), None, "LOST", None) for id in ids]
        messages = [*evidence.books.messages, *(message(id, GREAT, OPEN_ZONE) for id in ids)]
        evidence = with_books(evidence, messages=messages, attempts=[*evidence.books.attempts, *lost])
        return with_requests(evidence, *(Request(id, at(3), True, at(3.05), 200) for id in ids))

    return doctor


def _with_events(*events: Event) -> Doctor:
    return lambda evidence: replace(evidence, events=[*events, *evidence.events])


def _with_request_of(id: int, seconds: float) -> Doctor:
    return lambda evidence: with_requests(evidence, Request(id, at(seconds), False))


BROKEN: list[tuple[str, str, Doctor]] = [
    ("nothing_is_lost", "a message is missing", _without_message),
    ("nothing_is_lost", "a client has two", _with_second_message),
    ("nothing_is_lost", "it is not selected, and not cancelled", _unselected),
    ("nothing_is_lost", "a message still waits", lambda e: with_message(e, 10, status="PENDING")),
    ("every_mailing_ends", "it still runs", _with_mailing_status("RUNNING")),
    ("every_mailing_ends", "nobody had cancelled it", _with_mailing_status("CANCELLED")),
    ("every_message_ends_as_it_should", "nothing refused it", lambda e: with_message(e, 10, status="FAILED")),
    ("every_message_ends_as_it_should", "its time was not over", lambda e: with_message(e, 10, status="EXPIRED")),
    (
        "every_message_ends_as_it_should",
        "it was refused",
        lambda e: with_tries(e, 10, _REFUSED_TRY),
    ),
    (
        "every_message_ends_as_it_should",
        "refused after an unanswered try",
        lambda e: with_tries(with_message(e, 10, status="FAILED"), 10, _LOST_TRY, replace(_REFUSED_TRY, number=2)),
    ),
    (
        "every_message_ends_as_it_should",
        "it expired with an unanswered try",
        lambda e: with_tries(with_message(e, 20, status="EXPIRED"), 20, replace(_LOST_TRY, message_id=20)),
    ),
    (
        "every_message_ends_as_it_should",
        "no try went unanswered",
        lambda e: with_message(e, 20, status="UNCONFIRMED"),
    ),
    (
        "every_message_ends_as_it_should",
        "its window had opened",
        lambda e: with_message(e, 32, status="EXPIRED"),
    ),
    ("nothing_is_left_behind", "a message is being sent", lambda e: with_message(e, 10, status="SENDING")),
    ("nothing_is_left_behind", "a slot is leased", lambda e: with_books(e, slots=[SlotRow(GREAT, 0, 64)])),
    ("counters_are_exact", "they count what is not there", _with_count(sent=1)),
    ("counters_are_exact", "they miss a state", lambda e: with_message(e, 10, status="FAILED")),
    ("counters_are_exact", "they miss a reason", lambda e: with_message(e, 10, reason="HTTP 400")),
    ("histories_are_exact", "they tell of one too many", _with_history(1)),
    ("histories_are_exact", "they tell of less than nothing", _with_history(-1, 1)),
    ("histories_are_exact", "they miss a state", lambda e: with_message(e, 10, status="FAILED")),
    ("tallies_are_exact", "they tell of who is not there", _with_ending("CANCELLED", "client deleted", 1)),
    ("tallies_are_exact", "they tell of one too many", _with_ending("SENT", "", 1)),
    ("tallies_are_exact", "they miss a state", lambda e: with_message(e, 10, status="FAILED")),
    ("every_try_is_noted", "a try is missing", lambda e: with_tries(e, 10)),
    ("every_try_is_noted", "two have one number", lambda e: with_tries(e, 10, _LOST_TRY, _LOST_TRY)),
    (
        "every_try_is_noted",
        "there are too many",
        lambda e: with_tries(
            with_message(e, 10, attempts=10), 10, *(replace(_LOST_TRY, number=n) for n in range(1, 11))
        ),
    ),
    ("every_try_is_noted", "a request is not noted", _repeated),
    ("provider_and_books_agree", "SENT and not accepted", lambda e: replace(e, accepted=e.accepted[1:])),
    ("provider_and_books_agree", "accepted and EXPIRED", lambda e: with_message(e, 20, status="EXPIRED")),
    ("provider_and_books_agree", "accepted from nowhere", lambda e: replace(e, accepted=[*e.accepted, _entry(id=99)])),
    ("provider_and_books_agree", "to a wrong phone", lambda e: replace(e, accepted=[*e.accepted, _entry(phone=7)])),
    ("provider_and_books_agree", "a wrong text", lambda e: replace(e, accepted=[*e.accepted, _entry(text="ending")])),
    ("provider_and_books_agree", "the journal differs", lambda e: replace(e, requests=e.requests[1:])),
    ("repeats_stay_within_their_bound", "nothing explains a repeat", _repeated),
    (
        "repeats_stay_within_their_bound",
        "accepted twice though repeats are dropped",
        lambda e: replace(e, accepted=[*e.accepted, e.accepted[0]]),
    ),
    ("repeats_stay_within_their_bound", "a lease had too much in hand", _broken_lease_with(261)),
    ("nothing_after_the_end", "a request comes late", _with_request_of(10 * ENDING, 8.2)),
    ("nothing_after_the_end", "a request comes early", _with_request_of(10 * ENDING, -0.5)),
    ("nothing_outside_the_window", "it has closed", _with_request_of(10 * WINDOW + 1, 10.2)),
    ("nothing_outside_the_window", "it has not opened", _with_request_of(10 * WINDOW + 2, 9.8)),
    (
        "nothing_while_paused_or_cancelled",
        "it was paused",
        lambda e: with_requests(replace(e, moments=[_PAUSED, _RESUMED]), Request(10 * STEERED, at(7.9), False)),
    ),
    (
        "nothing_while_paused_or_cancelled",
        "it was cancelled",
        lambda e: with_requests(replace(e, moments=[_CANCELLED]), Request(10 * STEERED, at(20), False)),
    ),
    (
        "every_event_sums_to_the_audience",
        "it does not add up",
        _with_events(replace(event(GREAT, 0, pending=3), total=2)),
    ),
    ("every_event_sums_to_the_audience", "it has too many", _with_events(event(GREAT, 0, pending=4))),
    ("every_event_sums_to_the_audience", "it shrinks", _with_events(event(GREAT, 0, pending=3), event(GREAT, 0.5))),
    ("no_older_state_follows_a_newer", "it is older", _with_events(event(GREAT, 4, pending=3))),
    ("no_older_state_follows_a_newer", "it un-sends", _with_events(event(GREAT, 0.5, sent=1, pending=2))),
    ("the_last_event_is_the_end", "it does not end", lambda e: replace(e, completed={ENDING, WINDOW, STEERED})),
    ("the_last_event_is_the_end", "it ends too early", lambda e: replace(e, events=e.events[:-1])),
    ("the_last_event_is_the_end", "nothing was told", lambda e: replace(e, events=e.events[4:])),
    ("leases_break_for_a_reason", "none was played", lambda e: with_tries(e, 10, _LOST_TRY)),
    (
        "leases_break_for_a_reason",
        "it was long ago",
        lambda e: replace(
            with_tries(e, 10, replace(_LOST_TRY, started_at=at(12))),
            faults=[fault("killed", "worker 1", 1, 2, breaks_leases=True)],
        ),
    ),
    (
        "leases_break_for_a_reason",
        "a graceful stop is none",
        lambda e: replace(with_tries(e, 10, _LOST_TRY), faults=[fault("terminated", "worker 1", 1, 2)]),
    ),
    (
        "nobody_ends_by_itself",
        "nothing was wrong",
        lambda e: replace(e, unplanned_ends=[UnplannedEnd("worker 1", at(1), at(3), False, 1)]),
    ),
    (
        "nobody_ends_by_itself",
        "it had been up for long",
        lambda e: replace(
            e,
            unplanned_ends=[UnplannedEnd("worker 1", at(-17), at(3), True, 1)],
            faults=[fault("stopped", "Valkey", 1, 5)],
        ),
    ),
]

EXCUSED: list[tuple[str, str, Doctor]] = [
    (
        "every_message_ends_as_it_should",
        "refused for good",
        lambda e: with_tries(with_message(e, 10, status="FAILED"), 10, _REFUSED_TRY),
    ),
    (
        "every_message_ends_as_it_should",
        "its window closed",
        lambda e: with_message(e, 31, status="EXPIRED"),
    ),
    (
        "every_message_ends_as_it_should",
        "its window did not open in time",
        lambda e: with_message(
            replace(e, mailings=[replace(m, turns_at=BEGAN_AT + timedelta(seconds=40)) for m in e.mailings]),
            32,
            status="EXPIRED",
        ),
    ),
    ("nothing_is_lost", "it was cancelled before it was selected", lambda e: _cancelled(_unselected(e))),
    ("every_mailing_ends", "it was cancelled", lambda e: _cancelled(_with_mailing_status("CANCELLED", STEERED)(e))),
    ("nothing_after_the_end", "it was on its way", _with_request_of(10 * ENDING, 8.05)),
    ("nothing_outside_the_window", "it was on its way", _with_request_of(10 * WINDOW + 1, 10.05)),
    (
        "nothing_while_paused_or_cancelled",
        "the pump had not seen it",
        lambda e: with_requests(replace(e, moments=[_PAUSED]), Request(10 * STEERED, at(5), False)),
    ),
    (
        "nothing_while_paused_or_cancelled",
        "the database was away",
        lambda e: with_requests(
            replace(
                e,
                moments=[_PAUSED],
                faults=[fault("crashed", "PostgreSQL", 4, 7, breaks_leases=True)],
            ),
            Request(10 * STEERED, at(6), False),
        ),
    ),
    ("repeats_stay_within_their_bound", "a lease had its hands full", _broken_lease_with(260)),
    (
        "leases_break_for_a_reason",
        "a worker was killed",
        lambda e: replace(
            with_tries(e, 10, replace(_LOST_TRY, started_at=at(7))),
            faults=[fault("killed", "worker 1", 1, 2, breaks_leases=True)],
        ),
    ),
    (
        "nobody_ends_by_itself",
        "a server was away when it started",
        lambda e: replace(
            e,
            unplanned_ends=[UnplannedEnd("worker 1", at(1), at(3), False, 1)],
            faults=[fault("stopped", "Valkey", 1, 5)],
        ),
    ),
]


def test_a_good_run_violates_nothing() -> None:
    assert violations(good_evidence()) == {}


@pytest.mark.parametrize(("name", "why", "doctor"), BROKEN, ids=[f"{name}: {why}" for name, why, _ in BROKEN])
def test_an_invariant_fails(name: str, why: str, doctor: Doctor) -> None:
    # Given evidence that was good but for one thing, when it is judged, then that is found.
    assert name in violations(doctor(good_evidence()))


@pytest.mark.parametrize(("name", "why", "doctor"), EXCUSED, ids=[f"{name}: {why}" for name, why, _ in EXCUSED])
def test_an_invariant_knows_its_exceptions(name: str, why: str, doctor: Doctor) -> None:
    assert name not in violations(doctor(good_evidence()))


def test_every_invariant_is_seen_to_fail() -> None:
    assert {name for name, _, _ in BROKEN} == {invariant.__name__ for invariant in INVARIANTS}


def _entry(id: int = 10, phone: int = 79_000_000_000, text: str = "great") -> Entry:
    return Entry(id, phone, text, at(2))


def _cancelled(evidence: Evidence) -> Evidence:
    return replace(evidence, moments=[_CANCELLED])
