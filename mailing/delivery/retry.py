"""When a message that the provider did not take is tried again, or why never.

A pure function of what is known, the clock and the dice included. It decides only for answers that speak of the
message and leave something to decide: the rest is another module's business.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mailing.delivery.window import LocalTimeWindow, next_opening
from mailing.provider.protocol import Answer, Verdict

SHORTEST_WAIT = timedelta(milliseconds=100)
"""Full jitter may roll a zero: even then the provider gets a moment."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """At most `max_attempts` requests for one message; between them at most `base`, doubling each time up to `cap`.

    Raises ValueError if one of them is not positive.
    """

    max_attempts: int
    base: timedelta
    cap: timedelta

    def __post_init__(self) -> None:
        if self.max_attempts < 1 or self.base <= timedelta(0) or self.cap <= timedelta(0):
            raise ValueError(f"attempts and waits must be positive: {self}")


class GiveUpReason(StrEnum):
    """Why there is no further try."""

    REFUSED = "REFUSED"
    """The provider will never take this message."""
    ATTEMPTS_USED_UP = "ATTEMPTS_USED_UP"
    """The policy allows no more requests."""
    OUT_OF_TIME = "OUT_OF_TIME"
    """The next try would fall past the mailing's end, or the client's window does not open again before it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again not before this instant (UTC). The window comes on top, as it is by then: it may be edited."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again."""

    reason: GiveUpReason


def next_try(
    policy: RetryPolicy,
    *,
    attempts: int,
    answer: Answer,
    now: datetime,
    ends_at: datetime,
    window: LocalTimeWindow | None,
    zone: str,
    random: Callable[[], float],
) -> Retry | GiveUp:
    """Decide after the request number `attempts` (from 1) of a message was answered with `answer`.

    A retry lies after `now` and no earlier than the provider's Retry-After asked; it is given up unless the window
    opens between then and `ends_at`. `random` gives numbers from 0 to 1, 1 excluded. Raises ValueError for an answer
    that leaves nothing to decide (ACCEPTED), or that does not speak of the message (UNAUTHORIZED, UNSENT:
    they cost no try).
    """
    if answer.verdict in (Verdict.ACCEPTED, Verdict.UNAUTHORIZED, Verdict.UNSENT):
        raise ValueError(f"{answer.verdict} is not a failure of the message")
    if answer.verdict is Verdict.REFUSED:
        return GiveUp(GiveUpReason.REFUSED)
    if attempts >= policy.max_attempts:
        return GiveUp(GiveUpReason.ATTEMPTS_USED_UP)
    wait = _wait(policy, attempts, answer.retry_after, random)
    # Compared before it is added: a Retry-After of ten thousand years must not overflow the calendar.
    if wait >= ends_at - now:
        return GiveUp(GiveUpReason.OUT_OF_TIME)
    opens_at = next_opening(window, zone, now + wait)
    if opens_at is None or opens_at >= ends_at:
        return GiveUp(GiveUpReason.OUT_OF_TIME)
    return Retry(now + wait)


def _wait(policy: RetryPolicy, attempts: int, retry_after: timedelta | None, random: Callable[[], float]) -> timedelta:
    """Full jitter; on top of Retry-After, for all who were told the same moment would return in the same moment.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    jitter = max(SHORTEST_WAIT, random() * _ceiling(policy, attempts))
    if retry_after is None:
        return jitter
    return min(max(retry_after, timedelta(0)), timedelta.max - jitter) + jitter


def _ceiling(policy: RetryPolicy, attempts: int) -> timedelta:
    """`base` doubled for each failure after the first, at most `cap`, without ever computing more than that."""
    doublings = attempts - 1
    if doublings >= (policy.cap // policy.base).bit_length():
        return policy.cap
    return policy.base * (1 << doublings)
