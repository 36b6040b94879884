"""Permits as moments: how far apart they lie at a rate, and those that a process holds. Pure: no clock, no Redis.

Moments are seconds of one monotonic clock, as floats.
"""

import math
from collections import deque
from dataclasses import dataclass
from typing import Self

AHEAD_SECONDS = 0.04
"""How long before its moment a permit may be reserved, so that the way to Redis and back costs none."""

_LONGEST_TOLERANCE_SECONDS = 0.06
_ON_THE_WAY_SECONDS = 0.008
"""How much later one request may take from here to the provider than another without breaking the limit there."""


def most_in_a_second(rate: int) -> int:
    """The most that leave in any window of one second: the limit and a burst of a tenth of it, in whole requests."""
    return rate + rate // 10


@dataclass(frozen=True, slots=True)
class Pace:
    """What a rate means: permits lie `interval` apart, and one is used at most `tolerance` after its moment.

    So the first and the last of n + 1 uses are at least n * interval - tolerance apart. With n = `most_in_a_second`
    that is more than a second, whoever uses them: the tolerance is chosen so. Intervals are 1 % longer than the rate
    asks for, or 2 % where a tenth of it is not even one request and all tolerance has to come from there.
    """

    rate: int
    interval: float
    tolerance: float

    @classmethod
    def of(cls, rate: int) -> Self:
        most = most_in_a_second(rate)
        interval = (1.01 if most > rate else 1.02) / rate
        return cls(rate, interval, min(_LONGEST_TOLERANCE_SECONDS, most * interval - 1 - _ON_THE_WAY_SECONDS))

    @property
    def back(self) -> float:
        """How long after its moment a permit may still be given out: late askers lose nothing, and can still use it."""
        return self.tolerance / 2


@dataclass(slots=True)
class Run:
    """Permits from one reservation that are left: `count` moments `step` apart, each good for `lasts` seconds."""

    first: float
    step: float
    count: int
    lasts: float
    mark: int
    """What Redis knows the last of them by."""

    @property
    def last(self) -> float:
        return self.first + (self.count - 1) * self.step

    def skip(self, count: int) -> None:
        self.first += count * self.step
        self.count -= count

    def late(self, now: float) -> int:
        """How many have become too old to be used."""
        return min(self.count, max(0, math.ceil((now - self.lasts - self.first) / self.step)))

    def usable(self, now: float) -> int:
        """How many of them, none late, may be used by now."""
        return min(self.count, max(0, math.floor((now - self.first) / self.step) + 1))

    def next_after(self, now: float) -> float | None:
        """The first moment among them after `now`."""
        passed = self.usable(now)
        return self.first + passed * self.step if passed < self.count else None


class Permits:
    """What a process holds of one bucket, used in order. Any call costs the same, however many there are."""

    def __init__(self) -> None:
        self.held = 0
        """So many are left, those that have become late since the last look included."""
        self.unused_mark = 0
        """The mark of the last permit that was held, if nothing is left and it became late; else 0."""
        self._runs: deque[Run] = deque()

    def add(self, run: Run) -> None:
        """Hold these, too: newer ones."""
        if run.count > 0:
            self._runs.append(run)
            self.held += run.count
            self.unused_mark = 0

    def give_back(self) -> int:
        """The mark of the last permit, if it was not used and is not given back yet; else 0."""
        mark, self.unused_mark = self.unused_mark, 0
        return mark

    def has_one(self, now: float) -> bool:
        """One may be used now. Forgets those that are too old."""
        while self._runs:
            run = self._runs[0]
            if late := run.late(now):
                self._remove(run, late, unused_mark=run.mark)
                continue
            return run.first <= now
        return False

    def usable(self, now: float) -> int:
        """How many may be used now."""
        return sum(run.usable(now) for run in self._runs) if self.has_one(now) else 0

    def take(self, now: float) -> bool:
        """Use one now, if one may be used."""
        if not self.has_one(now):
            return False
        self._remove(self._runs[0], 1, unused_mark=0)
        return True

    def next_change(self, now: float) -> float | None:
        """When one more may be used after `now`; if there is none, when the last one becomes late."""
        for run in self._runs:
            if (moment := run.next_after(now)) is not None:
                return moment
        return self._runs[-1].last + self._runs[-1].lasts if self._runs else None

    def _remove(self, run: Run, count: int, *, unused_mark: int) -> None:
        run.skip(count)
        self.held -= count
        if run.count == 0:
            self._runs.popleft()
            self.unused_mark = 0 if self._runs else unused_mark
