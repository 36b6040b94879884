"""When a message is tried again: the policy as a table, and what holds for all of it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailing.delivery.retry import SHORTEST_WAIT, GiveUp, GiveUpReason, Retry, RetryPolicy, next_try
from mailing.delivery.window import LocalTimeWindow, next_opening
from mailing.provider.protocol import Answer, Verdict

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # 20:00 in Moscow
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
POLICY = RetryPolicy(max_attempts=10, base=SECOND, cap=60 * SECOND)
DAYTIME = LocalTimeWindow(time(9), time(21))

MOST = 0.999_999_999
"""About the highest roll of the dice."""

REFUSED, DEFERRED, UNANSWERED = Verdict.REFUSED, Verdict.DEFERRED, Verdict.UNANSWERED


def answer(verdict: Verdict, retry_after: timedelta | None = None) -> Answer:
    return Answer(verdict, reason="HTTP 500", started_at=NOW, duration_ms=12, retry_after=retry_after)


def decide(
    verdict: Verdict = DEFERRED,
    *,
    policy: RetryPolicy = POLICY,
    attempts: int = 1,
    retry_after: timedelta | None = None,
    ends_in: timedelta = 24 * HOUR,
    window: LocalTimeWindow | None = None,
    zone: str = "Europe/Moscow",
    roll: float = 0.5,
) -> Retry | GiveUp:
    return next_try(
        policy,
        attempts=attempts,
        answer=answer(verdict, retry_after),
        now=NOW,
        ends_at=NOW + ends_in,
        window=window,
        zone=zone,
        random=lambda: roll,
    )


@pytest.mark.parametrize(
    ("verdict", "attempts", "ends_in", "expected"),
    [
        (REFUSED, 1, 24 * HOUR, GiveUp(GiveUpReason.REFUSED)),
        (REFUSED, 10, 24 * HOUR, GiveUp(GiveUpReason.REFUSED)),
        (REFUSED, 10, -HOUR, GiveUp(GiveUpReason.REFUSED)),
        (DEFERRED, 1, 24 * HOUR, Retry(NOW + 0.5 * SECOND)),
        (DEFERRED, 9, 24 * HOUR, Retry(NOW + 30 * SECOND)),
        (DEFERRED, 10, 24 * HOUR, GiveUp(GiveUpReason.ATTEMPTS_USED_UP)),
        (DEFERRED, 11, 24 * HOUR, GiveUp(GiveUpReason.ATTEMPTS_USED_UP)),
        (DEFERRED, 10, -HOUR, GiveUp(GiveUpReason.ATTEMPTS_USED_UP)),
        (DEFERRED, 1, -HOUR, GiveUp(GiveUpReason.OUT_OF_TIME)),
        (DEFERRED, 1, 0 * HOUR, GiveUp(GiveUpReason.OUT_OF_TIME)),
        (UNANSWERED, 1, 24 * HOUR, Retry(NOW + 0.5 * SECOND)),
        (UNANSWERED, 10, 24 * HOUR, GiveUp(GiveUpReason.ATTEMPTS_USED_UP)),
        (UNANSWERED, 1, 0 * HOUR, GiveUp(GiveUpReason.OUT_OF_TIME)),
    ],
)
def test_the_table(verdict: Verdict, attempts: int, ends_in: timedelta, expected: Retry | GiveUp) -> None:
    assert decide(verdict, attempts=attempts, ends_in=ends_in) == expected


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.UNAUTHORIZED, Verdict.UNSENT])
def test_what_is_no_failure_of_the_message_is_a_bug_here(verdict: Verdict) -> None:
    with pytest.raises(ValueError, match=verdict):
        decide(verdict)


def test_every_verdict_stands_in_a_table() -> None:
    assert set(Verdict) == {REFUSED, DEFERRED, UNANSWERED, Verdict.ACCEPTED, Verdict.UNAUTHORIZED, Verdict.UNSENT}


@pytest.mark.parametrize(
    ("attempts", "longest"),
    [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (100, 60), (10**9, 60)],
)
def test_the_longest_wait_doubles_up_to_the_cap_and_never_overflows(attempts: int, longest: int) -> None:
    patient = RetryPolicy(max_attempts=10**10, base=SECOND, cap=60 * SECOND)
    retry = decide(policy=patient, attempts=attempts, roll=MOST)
    assert isinstance(retry, Retry)
    assert (retry.at - NOW).total_seconds() == pytest.approx(longest)


@pytest.mark.parametrize("base", [SECOND, HOUR])
def test_a_cap_below_or_at_the_base_is_the_longest_wait(base: timedelta) -> None:
    retry = decide(policy=RetryPolicy(max_attempts=2, base=base, cap=SECOND), roll=MOST)
    assert isinstance(retry, Retry)
    assert (retry.at - NOW).total_seconds() == pytest.approx(1)


def test_even_a_roll_of_zero_waits_a_moment() -> None:
    assert decide(roll=0) == Retry(NOW + SHORTEST_WAIT)


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [
        (timedelta(0), Retry(NOW + 0.5 * SECOND)),
        (-HOUR, Retry(NOW + 0.5 * SECOND)),
        (5 * SECOND, Retry(NOW + 5.5 * SECOND)),
        (HOUR, Retry(NOW + HOUR + 0.5 * SECOND)),  # beyond the cap, and not shortened
        (24 * HOUR - 0.500001 * SECOND, Retry(NOW + 24 * HOUR - timedelta(microseconds=1))),
        (24 * HOUR - 0.5 * SECOND, GiveUp(GiveUpReason.OUT_OF_TIME)),
        (24 * HOUR, GiveUp(GiveUpReason.OUT_OF_TIME)),
        (timedelta.max, GiveUp(GiveUpReason.OUT_OF_TIME)),
    ],
)
def test_retry_after_is_kept_and_jitter_comes_on_top(retry_after: timedelta, expected: Retry | GiveUp) -> None:
    assert decide(retry_after=retry_after) == expected


@pytest.mark.parametrize(
    ("retry_after", "ends_in", "zone", "expected"),
    [
        pytest.param(None, 24 * HOUR, "Europe/Moscow", Retry(NOW + 0.5 * SECOND), id="open then"),
        pytest.param(HOUR, 24 * HOUR, "Europe/Moscow", Retry(NOW + HOUR + 0.5 * SECOND), id="closed by then"),
        pytest.param(None, 24 * HOUR, "Asia/Tokyo", Retry(NOW + 0.5 * SECOND), id="closed already"),
        pytest.param(HOUR, 13 * HOUR, "Europe/Moscow", GiveUp(GiveUpReason.OUT_OF_TIME), id="ends at the very opening"),
        pytest.param(
            *(HOUR, 13 * HOUR + timedelta(microseconds=1), "Europe/Moscow", Retry(NOW + HOUR + 0.5 * SECOND)),
            id="ends just after the next opening",
        ),
        pytest.param(None, 24 * HOUR, "Nowhere/Atall", GiveUp(GiveUpReason.OUT_OF_TIME), id="never opens"),
    ],
)
def test_a_retry_that_no_open_window_before_the_end_could_take_is_given_up(
    retry_after: timedelta | None, ends_in: timedelta, zone: str, expected: Retry | GiveUp
) -> None:
    assert decide(retry_after=retry_after, ends_in=ends_in, zone=zone, window=DAYTIME) == expected


@pytest.mark.parametrize(
    ("max_attempts", "base", "cap"),
    [(0, SECOND, SECOND), (1, 0 * SECOND, SECOND), (1, SECOND, 0 * SECOND), (1, -SECOND, SECOND)],
)
def test_a_policy_without_attempts_or_waits_is_none(max_attempts: int, base: timedelta, cap: timedelta) -> None:
    with pytest.raises(ValueError, match="positive"):
        RetryPolicy(max_attempts, base, cap)


waits = st.timedeltas(timedelta(microseconds=1), timedelta(days=400))


@settings(max_examples=300, deadline=None)
@given(
    policy=st.builds(RetryPolicy, st.integers(1, 10**6), waits, waits),
    attempts=st.integers(1, 10**6),
    verdict=st.sampled_from([DEFERRED, UNANSWERED]),
    retry_after=st.none() | st.timedeltas(),
    ends_in=st.timedeltas(-HOUR, timedelta(days=800)),
    window=st.none() | st.just(DAYTIME) | st.just(LocalTimeWindow(time(22), time(2, 30))),
    zone=st.sampled_from(["Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "Nowhere/Atall"]),
    roll=st.floats(0, 1, exclude_max=True),
)
def test_a_retry_is_after_now_and_not_before_retry_after_and_a_window_opens_for_it_before_the_end(
    *,
    policy: RetryPolicy,
    attempts: int,
    verdict: Verdict,
    retry_after: timedelta | None,
    ends_in: timedelta,
    window: LocalTimeWindow | None,
    zone: str,
    roll: float,
) -> None:
    # When
    decision = decide(
        verdict,
        policy=policy,
        attempts=attempts,
        retry_after=retry_after,
        ends_in=ends_in,
        window=window,
        zone=zone,
        roll=roll,
    )

    # Then
    if isinstance(decision, GiveUp):
        expected = GiveUpReason.ATTEMPTS_USED_UP if attempts >= policy.max_attempts else GiveUpReason.OUT_OF_TIME
        assert decision == GiveUp(expected)
        return
    assert attempts < policy.max_attempts
    assert NOW + SHORTEST_WAIT <= decision.at < NOW + ends_in
    opens_at = next_opening(window, zone, decision.at)
    assert opens_at is not None
    assert opens_at < NOW + ends_in
    if retry_after is not None:
        assert decision.at - NOW >= retry_after + SHORTEST_WAIT
    if window is None and retry_after is None:
        assert decision.at - NOW <= max(policy.cap, SHORTEST_WAIT)


def test_the_jitter_is_full_it_spreads_evenly_over_all_of_the_wait() -> None:
    # When
    decisions = [decide(attempts=5, roll=step / 100) for step in range(100)]

    # Then: from the least wait to the sixteen seconds of the fifth failure
    assert decisions == [Retry(NOW + max(SHORTEST_WAIT, step / 100 * 16 * SECOND)) for step in range(100)]
