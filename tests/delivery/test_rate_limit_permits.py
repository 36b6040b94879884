"""What a rate means for permits, and those that are held: against a plain list of moments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailing.delivery.rate_limit_permits import AHEAD_SECONDS, Pace, Permits, Run, most_in_a_second

RATES = [*range(1, 121), 199, 200, 999, 1_000, 5_000, 20_000, 100_000]


@pytest.mark.parametrize(
    ("rate", "most"), [(1, 1), (5, 5), (9, 9), (10, 11), (19, 20), (20, 22), (29, 31), (200, 220), (100_000, 110_000)]
)
def test_a_burst_is_at_most_a_tenth_of_the_limit_in_whole_requests(rate: int, most: int) -> None:
    assert most_in_a_second(rate) == most


@pytest.mark.parametrize("rate", RATES)
def test_one_more_than_allowed_spans_more_than_a_second_though_the_first_is_late_and_the_last_is_not(rate: int) -> None:
    # Given
    pace = Pace.of(rate)

    # When the first of so many is used as late as it can be, and the last at its moment
    span = most_in_a_second(rate) * pace.interval - pace.tolerance

    # Then there are milliseconds to spare for the way to the provider
    assert span >= 1.008 - 1e-9


@pytest.mark.parametrize("rate", RATES)
def test_permits_are_close_enough_for_the_share_and_can_be_used_when_asked_for_late(rate: int) -> None:
    pace = Pace.of(rate)
    assert 0.98 <= 1 / (pace.interval * rate) <= 0.991
    assert 0.011 <= pace.tolerance <= 0.06
    assert 0 < pace.back < pace.tolerance
    assert pace.back <= AHEAD_SECONDS


runs = st.lists(
    st.builds(
        lambda gap, step, count, lasts: (gap, step, count, lasts),
        st.integers(0, 200),
        st.integers(1, 50),
        st.integers(0, 8),
        st.integers(1, 120),
    ),
    max_size=4,
)
looks = st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=60)


@given(runs, looks)
def test_permits_are_usable_in_order_from_their_moment_until_they_are_late(
    shapes: list[tuple[int, int, int, int]], steps: list[tuple[int, bool]]
) -> None:
    """Whole numbers as moments, and looks between them, so that no rounding decides."""
    # Given the same permits as runs and as a list
    permits, plain, begin = Permits(), [], 0
    for gap, step, count, lasts in shapes:
        begin += gap
        permits.add(Run(begin, step, count, lasts, mark=begin + 1))
        plain += [(begin + k * step, begin + k * step + lasts) for k in range(count)]
        begin += count * step

    now = -0.5
    for wait, takes in steps:
        # When
        now += wait
        # The first that is not late stands before those behind it.
        while plain and plain[0][1] < now:
            plain.pop(0)
        usable = bool(plain) and plain[0][0] <= now
        usable_then = permits.has_one(now)
        changes = permits.next_change(now)

        # Then
        assert usable_then == usable
        assert permits.held == len(plain)
        assert changes == (min([m for m, _ in plain if m > now], default=plain[-1][1]) if plain else None)
        if takes:
            assert permits.take(now) == usable
            plain = plain[1:] if usable else plain


def test_the_last_permit_can_be_given_back_once_if_it_was_not_used() -> None:
    # Given two permits, one used and the last too late
    permits = Permits()
    permits.add(Run(10, 1, 2, lasts=0.5, mark=77))
    assert permits.take(10.1)
    assert not permits.has_one(12)

    # When
    marks = permits.give_back(), permits.give_back()

    # Then
    assert marks == (77, 0)


def test_a_permit_that_was_used_is_not_given_back() -> None:
    permits = Permits()
    permits.add(Run(10, 1, 2, lasts=0.5, mark=77))
    assert not permits.has_one(10.7)  # The first is late, the second not due.
    assert permits.take(11)
    assert permits.give_back() == 0


def test_nothing_is_given_back_while_newer_permits_are_held() -> None:
    permits = Permits()
    permits.add(Run(10, 1, 1, lasts=0.5, mark=77))
    permits.add(Run(20, 1, 1, lasts=0.5, mark=88))
    assert not permits.has_one(15)
    assert permits.give_back() == 0
