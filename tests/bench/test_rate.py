"""What moments of arrival say about a limit."""

from bench.rate import judge, windows


def even(start: float, seconds: float, a_second: int) -> list[float]:
    return [start + number / a_second for number in range(int(seconds * a_second))]


def test_each_arrival_begins_a_window_that_ends_before_a_second_has_passed() -> None:
    # Given
    arrivals = [10.0, 10.5, 10.999, 11.0, 12.5]

    # Then
    assert windows(arrivals) == [(10.0, 3), (10.5, 3), (10.999, 2), (11.0, 1), (12.5, 1)]


def test_limits_that_are_kept_to_the_message_are_fully_used_and_in_force_at_once() -> None:
    # Given: 1,000 a second for five seconds, then 500 for three
    arrivals = even(100, 5, 1000) + even(105, 3, 500)

    # When
    run = judge(arrivals, changed_at=105, ended_at=108)

    # Then
    assert (run.most_in_a_second, run.most_after_change, run.in_force_seconds) == (1000, 500, 0.0)
    assert [round(share, 2) for share in (run.share_used, run.share_after_change)] == [1.0, 1.0]


def test_a_change_is_in_force_only_once_no_window_holds_too_much() -> None:
    # Given: the old rate goes on for 0.8 s after the change
    arrivals = even(100, 5.8, 1000) + even(105.8, 3, 500)

    # When
    run = judge(arrivals, changed_at=105, ended_at=108.8)

    # Then: a window that begins in the last fifth of a second of it still holds few enough
    assert 0.65 < run.in_force_seconds < 0.8
    assert run.most_after_change == 500


def test_a_limit_that_nobody_keeps_shows() -> None:
    # Given: everything at once, and nothing left when the limit is changed
    arrivals = even(100, 2, 5000)

    # When
    run = judge(arrivals, changed_at=106, ended_at=110)

    # Then
    assert abs(run.most_in_a_second - 5000) <= 1
    assert run.most_after_change == 0
