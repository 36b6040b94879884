"""Chance that can be repeated: a fault falls on a request because of what it is, not of when it came.

Drawing from one stream would make the faults depend on the order in which concurrent requests arrive. Here every
draw is a hash of the seed, the message's id and how often it has been sent, so that a run can be repeated exactly.
"""

from bisect import bisect_right
from enum import StrEnum
from itertools import accumulate

from mailing.provider.fake.scenario import SHARES, Scenario

_MASK = 2**64 - 1


class Fault(StrEnum):
    """What can befall a request; the values are the shares of the scenario without their ending."""

    ERROR = "error"
    THROTTLE = "throttle"
    REFUSE = "refuse"
    GARBAGE = "garbage"
    CODE = "code"
    HANG = "hang"
    CLOSE_BEFORE = "close_before"
    CLOSE_AFTER = "close_after"


_FAULTS = tuple(Fault(name.removesuffix("_share")) for name in SHARES)


class Chance:
    """Draws for one scenario. Remembers how often each id was sent only where a draw depends on it."""

    def __init__(self, scenario: Scenario) -> None:
        least, most = scenario.latency_range_ms
        self._seed = scenario.seed
        self._limits = tuple(accumulate(scenario.shares))
        self.least_seconds, self._spread_seconds = least / 1000, (most - least) / 1000
        self._tries: dict[int, int] = {}
        self._is_certain = not any(scenario.shares) and not self._spread_seconds

    def draw(self, message_id: int) -> tuple[Fault | None, float]:
        """What befalls the next request for this id, and how many seconds its answer takes."""
        if self._is_certain:
            return None, self.least_seconds
        nth = self._tries[message_id] = self._tries.get(message_id, 0) + 1
        first = _mixed(_mixed(self._seed ^ _mixed(message_id & _MASK)) + nth)
        latency = self.least_seconds + self._spread_seconds * _fraction(_mixed(first))
        which = bisect_right(self._limits, _fraction(first))
        return (_FAULTS[which] if which < len(_FAULTS) else None), latency


def _mixed(number: int) -> int:
    """One step of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014)."""
    z = (number + 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def _fraction(number: int) -> float:
    """From 64 bits to [0, 1)."""
    return (number >> 11) / 2**53
