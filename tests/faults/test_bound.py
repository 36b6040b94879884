"""How many repeats are explained, and by what."""

from dataclasses import replace

import pytest

from tests.faults.bound import Bound, BrokenLease, bound, broken_leases, count_repeats
from tests.faults.doctored import GREAT, at, fault, good_evidence, with_requests, with_tries
from tests.faults.evidence import AttemptRow
from tests.faults.journal import Request


def test_a_good_run_has_no_repeats_and_no_excuse_for_any() -> None:
    # Given
    evidence = good_evidence()

    # Then
    assert (count_repeats(evidence), bound(evidence)) == (0, Bound(0, 0, 0))


def test_what_was_taken_and_not_answered_in_time_may_be_repeated() -> None:
    # Given one answer that never left, one that left too late, and one request that was not taken
    evidence = with_requests(
        good_evidence(),
        Request(10, at(3), True),
        Request(11, at(3), True, at(5.5), 200),
        Request(12, at(3), False),
    )

    # Then
    assert (count_repeats(evidence), bound(evidence)) == (2, Bound(2, 0, 0))


def test_what_a_broken_lease_had_handed_over_may_be_repeated() -> None:
    # Given three messages of one lease: one taken in that try, one in an earlier one, and one not taken
    evidence = good_evidence()
    for id, tries in {
        10: [AttemptRow(10, 1, at(7), None, "LOST", None)],
        11: [AttemptRow(11, 1, at(2), 50, "UNANSWERED", None), AttemptRow(11, 2, at(7), None, "LOST", None)],
        12: [AttemptRow(12, 1, at(7), None, "LOST", None)],
    }.items():
        evidence = with_tries(evidence, id, *tries)
    evidence = replace(evidence, requests=[request for request in evidence.requests if request.id != 12])

    # Then only the first is a repeat that this lease explains
    assert broken_leases(evidence) == [BrokenLease(GREAT, at(7), messages=3, handed_over=1)]
    assert bound(evidence) == Bound(0, 1, 0)


def test_a_request_after_its_message_was_taken_back_is_of_another_try() -> None:
    # Given a message that was taken only after it had been taken back
    evidence = with_tries(good_evidence(), 10, AttemptRow(10, 1, at(1), None, "LOST", None))

    # Then
    assert bound(evidence) == Bound(0, 0, 0)


@pytest.mark.parametrize(("name", "target"), [("frozen", "worker 1"), ("refuses connections", "provider")])
def test_answers_that_a_worker_was_kept_from_reading_may_be_repeated(name: str, target: str) -> None:
    # Given three tries without an answer: one had been answered when the fault came, one was never, one was later
    evidence = with_requests(
        replace(good_evidence(), requests=[], faults=[fault(name, target, 3, 6)]),
        Request(10, at(2.89), True, at(3.05), 200),
        Request(11, at(3), True),
        Request(12, at(8), True, at(8.05), 200),
    )
    for id, started, duration in ((10, 2.9, 3_000), (11, 2.9, 3_000), (12, 7.9, 200)):
        evidence = with_tries(evidence, id, AttemptRow(id, 1, at(started), duration, "UNANSWERED", None))

    # Then the second is one of the lost answers, and the third has no excuse
    assert bound(evidence) == Bound(lost_answers=1, handed_over_by_broken_leases=0, not_read=1)
