"""Counts what a limit on each second is about."""

from collections.abc import Iterable


def most_in_any_second(moments: Iterable[float]) -> int:
    """The most moments in any window of one second that is open at one end."""
    ordered = sorted(moments)
    most = begin = 0
    for end, moment in enumerate(ordered):
        while ordered[begin] <= moment - 1:
            begin += 1
        most = max(most, end - begin + 1)
    return most


def used_share(moments: Iterable[float], rate: int) -> float:
    """How much of the limit was used between the first and the last of them."""
    ordered = sorted(moments)
    return (len(ordered) - 1) / (ordered[-1] - ordered[0]) / rate
