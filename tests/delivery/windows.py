"""Counts what a limit on each second is about."""

import itertools
import time
from collections.abc import Iterable, Iterator

ATTEMPTS_SECONDS = 75


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


def attempts() -> Iterator[int]:
    """Numbers, for more than a minute: how much of a limit is used is measured until one time shows what is promised.

    A permit is good for some hundredths of a second. Where a busy machine keeps a process waiting for longer, it is
    lost, whatever the process does. That the limit holds has to show each time.
    """
    ends_at = time.monotonic() + ATTEMPTS_SECONDS
    for number in itertools.count():
        yield number
        if time.monotonic() > ends_at:
            return
