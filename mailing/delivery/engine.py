"""What every pump of a worker process shares."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from redis.asyncio import Redis

from mailing.delivery.breaker import BreakerPolicy
from mailing.delivery.channel import Channel
from mailing.delivery.rate_limit import Bucket, RateLimits
from mailing.delivery.retry import RetryPolicy
from mailing.delivery.turnstile import Turnstile
from mailing.identity import this_process
from mailing.provider.protocol import Provider
from mailing.settings import Settings

HOLD_SECONDS = 2
"""For so long at most a pump holds messages that a limited rate keeps waiting: other pumps could send them sooner."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a pump works: how much at once, how long, and what it may rely on. Seconds by the monotonic clock."""

    batch: int
    concurrency: int
    turn_seconds: float
    lease: timedelta
    request_seconds: float
    """The longest that one request can take."""
    answers_seconds: float
    """How long to wait for answers once the process is told to stop."""

    @property
    def sending_seconds(self) -> float:
        """How long after a renewal a request may still begin, so that it ends within the lease."""
        return self.lease.total_seconds() - self.request_seconds - 1


@dataclass(slots=True)
class Engine:
    """One per worker process and event loop."""

    provider: Provider
    policy: RetryPolicy
    pace: Pace
    turnstile: Turnstile
    """Where all requests of the process pass, whatever the number of its pumps."""
    limits: RateLimits
    channel: Channel
    random: Callable[[], float] = random.random
    worker: str = field(default_factory=this_process)
    holds: dict[int, set[Callable[[], None]]] = field(default_factory=lambda: defaultdict(set))
    """Of each mailing that is being sent: what makes its pumps look before they send on."""
    stopping: bool = False
    """Set when the process is told to stop: claim nothing more, finish what is in flight, hand back the rest."""

    def look_before_sending_on(self, mailing_id: int) -> None:
        """Somebody has changed the mailing."""
        for hold in self.holds.get(mailing_id, ()):
            hold()

    @property
    def pumps(self) -> int:
        """How many send at present."""
        return sum(map(len, self.holds.values()))

    def permits(self, mailing_id: int, rate: int | None) -> Bucket | None:
        """What all pumps of a mailing have to take permits from, with this rate from now on."""
        return None if rate is None else self.limits.bucket(f"mailing:{mailing_id}", rate)

    def batch(self, rate: int | None) -> int:
        """How many messages to claim at once: at a limited rate no more than a pump needs for a while."""
        provider = self.turnstile.provider
        rates = [rate, None if provider is None else provider.rate]
        return min([self.pace.batch, *(HOLD_SECONDS * limit for limit in rates if limit is not None)])


def make_engine(settings: Settings, provider: Provider, redis: Redis) -> Engine:
    """An engine with the limits that the settings give. `redis` is where the rate limits are shared."""
    turnstile = Turnstile(settings.requests_in_flight)
    limits = RateLimits(redis, turnstile.let_pass)
    if settings.provider_max_rate is not None:
        turnstile.provider = limits.bucket("provider", settings.provider_max_rate)
    return Engine(
        provider,
        RetryPolicy(
            settings.retry_max_attempts,
            timedelta(seconds=settings.retry_base_seconds),
            timedelta(seconds=settings.retry_cap_seconds),
        ),
        Pace(
            settings.pump_batch,
            settings.pump_concurrency,
            settings.pump_turn_seconds,
            settings.lease,
            settings.provider_timeout_seconds,
            settings.answers_seconds,
        ),
        turnstile,
        limits,
        Channel(
            BreakerPolicy(
                settings.breaker_failure_share,
                settings.breaker_least_requests,
                timedelta(seconds=settings.probe_first_wait_seconds),
                timedelta(seconds=settings.probe_longest_wait_seconds),
            )
        ),
    )
