"""Reserves permits in Redis, for all buckets of a process."""

import asyncio
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from redis.asyncio import Redis
from redis.exceptions import RedisError

from mailing.delivery.rate_limit_clock import ServerClock
from mailing.delivery.rate_limit_permits import AHEAD_SECONDS, Pace, Run
from mailing.outage import Outage

SCRIPT = Path(__file__).with_name("rate_limit.lua").read_text()
KEY = "mailing:rate:{}"
MICROSECONDS = 1_000_000

_CALL_SECONDS = 0.5


class Answer(NamedTuple):
    """What the script returns: moments of the server's clock in microseconds."""

    now: int
    permits: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """What was reserved, and when there may be more: before that moment there is no use in asking."""

    run: Run
    more_at: float


class Reservations:
    """Asks Redis for permits. Moments are those of `time.monotonic`."""

    def __init__(self, redis: Redis) -> None:
        self._reserve = redis.register_script(SCRIPT)  # It is loaded again by itself when Redis has lost it.
        self._clock = ServerClock()
        self._outage = Outage("rate_limit.away")

    async def reserve(self, name: str, pace: Pace, wanted: int, unused_mark: int) -> Reserved | None:
        """At most so many permits of that bucket. None, within half a second, if Redis gives no answer or an error."""
        asked_at = time.monotonic()
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                reply = await self._reserve(keys=[KEY.format(name)], args=arguments(pace, wanted, unused_mark))
        except (RedisError, OSError, TimeoutError) as e:
            self._outage.met(e, bucket=name)
            return None
        self._outage.over()
        answer = Answer(*reply)
        self._clock.learn(asked_at, answer.now / MICROSECONDS, time.monotonic())
        more_at = _more_at(answer, pace, self._clock) if answer.permits < wanted else asked_at
        return Reserved(run_of(answer, pace, self._clock), more_at)


def arguments(pace: Pace, wanted: int, unused_mark: int) -> list[float]:
    """What the script is given."""
    spans = (pace.interval, AHEAD_SECONDS, pace.back)
    return [*(round(seconds * MICROSECONDS, 3) for seconds in spans), wanted, unused_mark]


def run_of(answer: Answer, pace: Pace, clock: ServerClock) -> Run:
    """The permits in local time: each from when it is certainly its moment, until it is perhaps too late."""
    first = answer.first / MICROSECONDS
    begins = clock.latest(first)
    return Run(begins, pace.interval, answer.permits, clock.earliest(first) + pace.tolerance - begins, answer.last)


def _more_at(answer: Answer, pace: Pace, clock: ServerClock) -> float:
    """When the next permit can be reserved, and at high rates many at once: half of what may be reserved ahead.

    The dice share permits out between processes: without them the quickest would get all of them.
    """
    wait = max(pace.interval - AHEAD_SECONDS, -AHEAD_SECONDS / 2)
    return clock.latest(answer.last / MICROSECONDS) + wait + random.uniform(0, AHEAD_SECONDS / 4)
