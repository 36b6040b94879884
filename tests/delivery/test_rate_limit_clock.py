"""Where the server's clock stands, from answers that were quick or slow, and when it is set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailing.delivery.rate_limit_clock import ServerClock

LEAD = 1_000.0
"""The server's clock shows so much more than ours."""


def answered(clock: ServerClock, at: float, there: float, back: float, lead: float = LEAD) -> None:
    """An answer to a question that took so long to get there, and so long to come back."""
    clock.learn(at, at + there + lead, at + there + back)


def test_one_answer_tells_as_much_as_it_took_time() -> None:
    clock = ServerClock()
    answered(clock, 5, there=0.1, back=0.3)
    assert (clock.earliest(1_010), clock.latest(1_010)) == pytest.approx((9.8996, 10.3004))


def test_a_slow_answer_takes_nothing_from_what_a_quick_one_has_told() -> None:
    # Given
    clock = ServerClock()
    answered(clock, 5, there=0.001, back=0.001)

    # When
    answered(clock, 6, there=0.2, back=0.3)

    # Then it is as sharp as before, but for what the clocks may have parted in 1.5 s
    assert (clock.earliest(1_010), clock.latest(1_010)) == pytest.approx((9.9975, 10.0025), abs=1e-5)


@pytest.mark.parametrize("step", [-3_600, -1, 1, 3_600])
def test_a_clock_that_was_set_is_believed_at_the_next_answer(step: float) -> None:
    clock = ServerClock()
    answered(clock, 5, there=0.001, back=0.001)
    answered(clock, 6, there=0.01, back=0.02, lead=LEAD + step)
    assert (clock.earliest(1_010), clock.latest(1_010)) == pytest.approx((9.99 - step, 10.02 - step), abs=1e-4)


delays = st.floats(0, 0.5)


@given(st.lists(st.tuples(st.floats(0, 5), delays, delays), min_size=1), st.floats(-0.0005, 0.0005))
def test_the_true_moment_is_always_within_the_bounds(answers: list[tuple[float, float, float]], drift: float) -> None:
    clock = ServerClock()
    now = 0.0
    for pause, there, back in answers:
        now += pause
        answered(clock, now, there, back, lead=LEAD + (now + there) * drift)
        now += there + back
        true = now + LEAD + now * drift
        assert clock.earliest(true) - 1e-6 <= now <= clock.latest(true) + 1e-6
