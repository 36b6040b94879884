"""When the channel to the provider is closed to all requests, and how it is tried again: rules without a clock.

The states are named as in electrical engineering, and in the literature since M. Nygard's "Release It!": a CLOSED
breaker lets everything pass, an OPEN one nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from mailing.provider.protocol import Answer, Verdict

WINDOW = timedelta(seconds=10)
"""What the share of failures is counted over."""

SUCCESSES_TO_CLOSE = 3
"""So many probes in a row must succeed: one alone would be luck at a provider that fails every other request."""


class BreakerState(StrEnum):
    """Where the breaker stands, for all workers together."""

    CLOSED = "CLOSED"
    """Requests leave."""
    OPEN = "OPEN"
    """Nothing leaves until the next probe is due."""
    HALF_OPEN = "HALF_OPEN"
    """Single requests probe whether the provider works again."""


class BreakerCause(StrEnum):
    """Why it is not closed."""

    FAILURES = "FAILURES"
    """Too many requests found no working provider."""
    TOKEN_REFUSED = "TOKEN_REFUSED"
    """The provider, or a proxy on the way, does not accept our credentials."""


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """It opens when of `least_requests` or more within WINDOW a share of `failure_share` failed."""

    failure_share: float
    least_requests: int
    first_wait: timedelta
    """From the opening to the first probe; doubles with each probe that fails."""
    longest_wait: timedelta


def is_failure(answer: Answer) -> bool:
    """It says that the provider does not work: a transport error, a timeout, an unreadable answer, a 5xx.

    An answer by the contract says that it does, be it a refusal, "too many requests" or a `code` other than 0.
    """
    if answer.verdict is Verdict.UNANSWERED:
        return True
    return answer.verdict is Verdict.DEFERRED and (answer.http_status is None or answer.http_status >= 500)


def is_evidence(answer: Answer) -> bool:
    """It says anything at all of the provider."""
    return answer.verdict is not Verdict.UNSENT
