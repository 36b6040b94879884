"""What every pump of a worker process shares."""

import os
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from mailing.delivery.gate import Gate, TokenGate
from mailing.delivery.retry import RetryPolicy
from mailing.delivery.turnstile import Turnstile
from mailing.provider.protocol import Provider
from mailing.settings import Settings


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
    gate: Gate = field(default_factory=TokenGate)
    random: Callable[[], float] = random.random
    worker: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    stopping: bool = False
    """Set when the process is told to stop: claim nothing more, finish what is in flight, hand back the rest."""


def make_engine(settings: Settings, provider: Provider) -> Engine:
    """An engine with the limits that the settings give."""
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
        Turnstile(settings.requests_in_flight),
    )
