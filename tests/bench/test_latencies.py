"""Percentiles of answers."""

from bench.latencies import Latencies, together


def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed() -> None:
    # Given: 1 to 100 ms, in any order
    latencies = Latencies("progress")
    for milliseconds in [*range(51, 101), *range(1, 51)]:
        latencies.add(milliseconds / 1000)

    # Then
    assert [latencies.percentile(share) for share in (0, 0.5, 0.99, 1)] == [1, 50, 99, 100]


def test_nothing_measured_is_zero() -> None:
    assert Latencies("progress").percentile(0.99) == 0


def test_kinds_can_be_taken_together() -> None:
    # Given
    parts = [Latencies("a", [1.0]), Latencies("b", [2.0, 3.0])]

    # Then
    assert together("both", parts) == Latencies("both", [1.0, 2.0, 3.0])
