"""Rate limits that all processes share: one bucket for the provider, one for each mailing that has a limit.

Promised, whatever the number of processes:

* In no window of one second more than the limit and a tenth of it, in whole requests, is allowed to leave: exactly
  the limit where it is below 10. This holds when Redis is wiped, when it is restarted and when its clock is set back.
* As long as enough requests wait, at least 97 % of the limit is used.
* Another limit is in force with the next permit, at most 40 ms and one interval (1.02 s / limit) later.
* While Redis is away, slow (0.5 s), full or read-only, nothing is allowed to leave. It goes on by itself.

Not promised: if Redis's clock is set forward, or a replica takes over that has not heard of the last permits, up to
those of 70 ms may be given out twice, once.

A permit is a moment of Redis's clock, reserved a little ahead (`rate_limit.lua`) and used from then on for at most a
tolerance (`Pace`), or never. A bucket that Redis does not know gives its first permit 40 ms and one interval later.
"""

import asyncio
import math
import random
import time
from collections.abc import Callable
from contextvars import Context
from weakref import WeakValueDictionary

from redis.asyncio import Redis

from mailing.delivery.rate_limit_permits import Pace, Permits
from mailing.delivery.rate_limit_redis import Reservations
from mailing.delivery.rate_limit_waits import Waits

_BETWEEN_CALLS_SECONDS = 0.004
"""Those who come in this time are asked for together: a call costs as much as dozens of permits."""
_BETWEEN_LOOKS_SECONDS = 0.002
"""Permits that become usable within this time are announced together, by so much too late."""
_SHORTEST_PATIENCE_SECONDS = 0.1
_LONGEST_PATIENCE_SECONDS = 1.0


class RateLimits:
    """This process's buckets. Of one event loop; `on_permit` is called there as `Bucket` says."""

    def __init__(self, redis: Redis, on_permit: Callable[[], None]) -> None:
        self._reservations = Reservations(redis)
        self._on_permit = on_permit
        self._buckets: WeakValueDictionary[str, Bucket] = WeakValueDictionary()

    def bucket(self, name: str, rate: int) -> "Bucket":
        """This process's one bucket of that name, with this rate from now on; kept for as long as somebody holds it."""
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = Bucket(name, rate, self._reservations, self._on_permit)
        bucket.rate = rate
        return bucket

    def note_waits(self) -> None:
        """Count how long requests have waited for permits up to now."""
        for bucket in list(self._buckets.values()):
            bucket.waits.note()

    def close(self) -> None:
        """Close every bucket."""
        for bucket in list(self._buckets.values()):
            bucket.close()


class Bucket:
    """Permits of one limit for the requests of this process. Nothing here waits, but `on_permit` is called:

    in a step of the event loop of its own, when more permits are held, and when one can be used that could not
    before. Permits that come within 2 ms are told of together.
    """

    def __init__(self, name: str, rate: int, reservations: Reservations, on_permit: Callable[[], None]) -> None:
        self.waits = Waits(name)
        self._name = name
        self._pace = Pace.of(rate)
        self._reservations = reservations
        self._on_permit = on_permit
        self._permits = Permits()
        self._wanted = 0
        self._ask_at = 0.0
        self._patience = _SHORTEST_PATIENCE_SECONDS
        self._call: asyncio.Task[None] | None = None
        self._look_at = math.inf
        self._look_timer: asyncio.Handle | None = None
        self._closed = False

    @property
    def rate(self) -> int:
        """Permits a second, 1 or more. Another value drops what is held, and is in force with the next permit."""
        return self._pace.rate

    @rate.setter
    def rate(self, rate: int) -> None:
        if rate != self._pace.rate:
            self._drop()
            self._pace = Pace.of(rate)
            self._ask_at = 0.0
            self.want(self._wanted)

    @property
    def held(self) -> int:
        """How many are at hand, those included that can be used in some milliseconds."""
        return self._permits.held

    def usable(self) -> int:
        """How many requests may leave now."""
        return self._permits.usable(time.monotonic())

    def take(self) -> bool:
        """Use a permit for a request that leaves in this very step of the event loop. False: there is none.

        Who has taken one wants one less.
        """
        taken = self._permits.take(time.monotonic())
        if taken and self._wanted > 0:
            self._wanted -= 1
        return taken

    def want(self, count: int) -> None:
        """So many requests would leave now if this let them: permits are got until they are taken, or told otherwise.

        For requests that only limits hold back: a permit that nobody uses in time is lost for other processes, too.
        """
        self._wanted = count
        if count <= 0:
            self.waits.end()
        if self._is_to_ask and self._ask_at < self._look_at:
            self._look_again(self._ask_at)

    def close(self) -> None:
        """Give out nothing more."""
        self._closed = True
        self._drop()
        if self._call is not None:
            self._call.cancel()

    @property
    def _is_to_ask(self) -> bool:
        is_asking = self._call is not None and not self._call.done()
        return self._wanted > self._permits.held and not is_asking and not self._closed

    def _look_again(self, at: float) -> None:
        if self._look_timer is not None:
            self._look_timer.cancel()
        self._look_at = at
        self._look_timer = asyncio.get_running_loop().call_later(max(0, at - time.monotonic()), self._look)

    def _look(self) -> None:
        """Tell of permits that can be used now, ask for what lacks, and come back when either may have changed."""
        self._look_timer, self._look_at = None, math.inf
        now = time.monotonic()
        is_usable = self._permits.has_one(now)
        if self._permits.unused_mark:
            self._ask_at = min(self._ask_at, now)  # It can be had again, and at once.
        if self._is_to_ask and self._ask_at <= now:
            # In a context of its own: it serves whoever waits, not only the one who was first.
            self._call = asyncio.get_running_loop().create_task(self._reserve(), context=Context())
        change = self._permits.next_change(now)
        soonest = min(math.inf if change is None else change, self._ask_at if self._is_to_ask else math.inf)
        if soonest < math.inf:
            self._look_again(max(soonest, now + _BETWEEN_LOOKS_SECONDS))
        if is_usable:
            self._on_permit()

    async def _reserve(self) -> None:
        self._ask_at = time.monotonic() + _BETWEEN_CALLS_SECONDS
        permits = self._permits
        wanted, unused_mark = self._wanted - permits.held, permits.give_back()
        reserved = await self._reservations.reserve(self._name, self._pace, wanted, unused_mark)
        if self._wanted > 0 and (reserved is None or reserved.run.count < wanted):
            self.waits.begin()
        else:
            self.waits.end()
        if reserved is None:
            self._ask_at = time.monotonic() + self._patience * random.uniform(0.5, 1)
            self._patience = min(2 * self._patience, _LONGEST_PATIENCE_SECONDS)
        else:
            self._patience = _SHORTEST_PATIENCE_SECONDS
            if permits is self._permits:  # Else what was reserved is of another rate.
                self._ask_at = max(self._ask_at, reserved.more_at)
                permits.add(reserved.run)
                if reserved.run.count:
                    self._on_permit()
        self._look_again(0)

    def _drop(self) -> None:
        """Forget what is held. What is being reserved is forgotten when it comes."""
        self._permits = Permits()
        if self._look_timer is not None:
            self._look_timer.cancel()
            self._look_timer, self._look_at = None, math.inf
