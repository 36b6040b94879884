"""Lets the requests of one process leave: how many at once, and in what order.

Every pump stands before it with its messages. A request passes when a connection is free and, where a rate limits
the mailing or the provider, a permit is at hand. Of four that pass, three are of the pump whose time is over first
(the end of the mailing or the closing of the client's window), and one is of whoever has waited longest: the urgent
goes first, and nothing starves behind it, however large.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

FAIR_TURNS = 4
"""One in so many goes to whoever has waited longest."""

EXACT_BELOW = 10
"""A mailing with fewer messages a second than this has to use its permits nearly to the moment, or lose them."""


class Permits(Protocol):
    """What a rate limit lets pass, for all pumps of this process that it concerns."""

    @property
    def rate(self) -> int:
        """Permits a second."""
        ...

    @property
    def held(self) -> int:
        """How many this process has, those included that may be used a little later."""
        ...

    def usable(self) -> int:
        """How many may be used right now."""
        ...

    def take(self) -> bool:
        """Use one, if there is one."""
        ...

    def want(self, count: int) -> None:
        """So many requests wait for permits at present."""
        ...


@dataclass(slots=True, eq=False)
class Lane:
    """One pump before the turnstile."""

    demand: Callable[[], int]
    """How many requests it could begin right now, those included that it was granted and has not begun."""
    deadline: Callable[[], datetime]
    """When the time of its next message is over."""
    call: Callable[[], None]
    """Have it begin a request that was granted to it."""
    permits: Permits | None = None
    """Of its mailing; None without a limit."""
    granted: int = field(default=0, init=False)
    """Passages that it has not used yet."""
    waits_since: int = field(default=0, init=False)
    """The number of a passage: the one after its own last one, or the last one before it came to wait. So who has
    passed last is behind who has come since, and only that one."""

    @property
    def wants(self) -> int:
        return self.demand() - self.granted

    @property
    def is_exact(self) -> bool:
        return self.permits is not None and self.permits.rate < EXACT_BELOW


class Turnstile:
    """One per process and event loop. Nothing here waits: who cannot pass is called when it can."""

    def __init__(self, connections: int) -> None:
        """`connections`: the most requests in flight."""
        self.provider: Permits | None = None
        """Of the provider; None without a limit."""
        self._connections = self._free = connections
        self._passages = 0
        self._waiting: dict[Lane, None] = {}
        self._wanted: Counter[Permits] = Counter()

    @property
    def in_flight(self) -> int:
        """Requests that have begun, and those that were let pass and are about to."""
        return self._connections - self._free

    def try_pass(self, lane: Lane) -> bool:
        """Begin a request now; `leave` is due at its end. If False, the lane is called when it can."""
        if not lane.granted:
            if self._free and not self._waiting and lane.permits is self.provider is None:
                self._grant(lane)
            else:
                self._queue(lane)
                self._let_pass(present=lane)
        if not lane.granted:
            return False
        lane.granted -= 1
        return True

    def leave(self) -> None:
        """A request has ended. The caller then tries to begin the next, or gives way."""
        self._free += 1

    def give_way(self, lane: Lane) -> None:
        """The lane has nothing to begin: what it was granted beyond that is for others."""
        surplus = max(0, -lane.wants)
        lane.granted -= surplus
        self._free += surplus
        self.let_pass()

    def withdraw(self, lane: Lane) -> None:
        """The lane is gone, with all that it was granted and has not begun."""
        self._waiting.pop(lane, None)
        self._free += lane.granted
        lane.granted = 0
        self.let_pass()

    def let_pass(self) -> None:
        """Grant what can be granted: a connection or a permit has become free."""
        self._let_pass(present=None)

    def _queue(self, lane: Lane) -> None:
        if lane not in self._waiting:
            lane.waits_since = self._passages
            self._waiting[lane] = None

    def _let_pass(self, present: Lane | None) -> None:
        """`present`: who asks for one passage at this moment, and need not be called for it."""
        while self._free and (lane := self._next()) is not None:
            if not self._grant(lane):
                continue  # A permit has become too old since it was looked at: who passes next is another question.
            if lane is present:
                present = None
            else:
                lane.call()
        self._tell_wants()

    def _next(self) -> Lane | None:
        """Who passes next, of those who can."""
        for lane in [lane for lane in self._waiting if lane.wants <= 0]:
            del self._waiting[lane]
        able = self._able()
        if len(able) < 2:
            return able[0] if able else None
        if self._passages % FAIR_TURNS == 0:
            return min(able, key=lambda lane: lane.waits_since)
        return min(able, key=lambda lane: (not lane.is_exact, lane.deadline(), lane.waits_since))

    def _able(self) -> list[Lane]:
        able = [lane for lane in self._waiting if lane.permits is None or lane.permits.usable()]
        if self.provider is None:
            return able
        # The provider's permits that exact ones are about to need are not for others, who can wait for the next, unless
        # they have waited for too many: there may be more promised than the provider lets pass, and for long.
        usable = self.provider.usable()
        promised = sum(self._for_provider(lane) for lane in self._waiting if lane.is_exact)
        starved_before = self._passages - FAIR_TURNS * len(self._waiting)
        return [
            lane for lane in able if usable > (0 if lane.is_exact or lane.waits_since < starved_before else promised)
        ]

    def _for_provider(self, lane: Lane) -> int:
        """How many of its requests only the provider's limit holds back."""
        return lane.wants if lane.permits is None else min(lane.wants, lane.permits.held)

    def _grant(self, lane: Lane) -> bool:
        """Give it a passage. False: a limit has no permit any more; one of the other limit is lost then."""
        if not all(permits.take() for permits in (lane.permits, self.provider) if permits is not None):
            return False
        self._free -= 1
        self._passages += 1
        lane.waits_since = self._passages + 1
        lane.granted += 1
        return True

    def _tell_wants(self) -> None:
        """Keep each limit informed of how many wait for it, so that no permit is fetched in vain."""
        wanted: Counter[Permits] = Counter()
        for lane in self._waiting:
            if lane.permits is not None:
                wanted[lane.permits] += lane.wants
            if self.provider is not None:
                wanted[self.provider] += self._for_provider(lane)
        for permits in self._wanted.keys() - wanted.keys():
            permits.want(0)
        for permits, count in wanted.items():
            permits.want(min(count, self._free))
        self._wanted = wanted
