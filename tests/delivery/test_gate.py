"""The gate that a refused token closes."""

import time
from datetime import UTC, datetime

import pytest

from mailing.delivery.gate import TokenGate
from mailing.provider.protocol import Answer, Verdict


class MonotonicTime:
    """The monotonic clock, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)

    def passes(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MonotonicTime:
    return MonotonicTime(monkeypatch)


def answer(verdict: Verdict, http_status: int | None) -> Answer:
    return Answer(verdict, "", datetime.now(UTC), 1, http_status)


ACCEPTED = answer(Verdict.ACCEPTED, 200)
UNAUTHORIZED = answer(Verdict.UNAUTHORIZED, 401)
REFUSED = answer(Verdict.REFUSED, 400)
UNANSWERED = answer(Verdict.UNANSWERED, None)


def refused_once() -> TokenGate:
    gate = TokenGate(first_wait=1, longest_wait=8)
    assert gate.admits()
    gate.learn(UNAUTHORIZED)
    return gate


@pytest.mark.parametrize("seen", [ACCEPTED, REFUSED, UNANSWERED, None])
def test_only_a_refused_token_closes_it(seen: Answer | None) -> None:
    # Given
    gate = TokenGate()

    # When
    gate.admits()
    gate.learn(seen)

    # Then
    assert not gate.closed
    assert gate.admits()


def test_a_refused_token_closes_it_for_the_first_wait(clock: MonotonicTime) -> None:
    # Given
    gate = refused_once()

    # Then
    clock.passes(0.99)
    assert gate.closed
    assert not gate.admits()
    clock.passes(0.02)
    assert not gate.closed


def test_after_the_wait_one_request_at_a_time_tries_the_token(clock: MonotonicTime) -> None:
    # Given
    gate = refused_once()

    # When
    clock.passes(1.1)

    # Then
    assert [gate.admits() for _ in range(3)] == [True, False, False]
    assert gate.closed


def test_the_wait_doubles_up_to_the_longest(clock: MonotonicTime) -> None:
    # Given
    gate = refused_once()
    waits = []

    # When
    for _ in range(6):
        waited = 0.0
        while gate.closed:
            clock.passes(0.5)
            waited += 0.5
        waits.append(waited)
        assert gate.admits()
        gate.learn(UNAUTHORIZED)

    # Then
    assert waits == [1, 2, 4, 8, 8, 8]


@pytest.mark.parametrize("seen", [ACCEPTED, REFUSED])
def test_an_answer_that_speaks_of_the_message_opens_it(clock: MonotonicTime, seen: Answer) -> None:
    # Given
    gate = refused_once()
    clock.passes(1.1)
    assert gate.admits()

    # When
    gate.learn(seen)

    # Then
    assert [gate.admits() for _ in range(3)] == [True, True, True]
    assert not gate.closed


@pytest.mark.parametrize("seen", [UNANSWERED, None])
def test_a_probe_without_an_answer_makes_room_for_the_next(clock: MonotonicTime, seen: Answer | None) -> None:
    """None: it was cut off, for its lease was lost. A gate that waited for it would stay closed for ever."""
    # Given
    gate = refused_once()
    clock.passes(1.1)
    assert gate.admits()

    # When
    gate.learn(seen)

    # Then
    assert [gate.admits() for _ in range(2)] == [True, False]


def test_refusals_of_requests_that_left_before_count_once(clock: MonotonicTime) -> None:
    # Given many requests in flight when the token ended
    gate = TokenGate(first_wait=1, longest_wait=8)
    for _ in range(64):
        assert gate.admits()

    # When
    for _ in range(64):
        gate.learn(UNAUTHORIZED)

    # Then
    clock.passes(1.1)
    assert gate.admits()
