"""What the delivery engine knows of the outside provider: one message out, one answer back.

The rules that turn an HTTP exchange into a verdict stand as a table in `answers.py`: anything but 200 with `code` 0
is a failure; 400-class answers are permanent except 408, 425 and 429; 401, 403 and 407 concern the token (or the
proxy's password), not the message.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """What an exchange means for the message."""

    ACCEPTED = "ACCEPTED"
    """The provider has the message."""
    REFUSED = "REFUSED"
    """It will never take this message: no further try."""
    DEFERRED = "DEFERRED"
    """It did not take the message now: try again later."""
    UNANSWERED = "UNANSWERED"
    """It was handed over and may have been taken, but no readable answer came: ask again under the same id."""
    UNSENT = "UNSENT"
    """It did not leave, for a reason of our own: no time was left, or we are closing. Costs no try."""
    UNAUTHORIZED = "UNAUTHORIZED"
    """The token was refused, or the password for a proxy. Says nothing of the message, costs it no try, and holds the
    whole channel."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as the provider gets it. `id` stays the same in all tries: it is the idempotency key."""

    id: int
    phone: int
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One exchange with the provider, whatever came of it."""

    verdict: Verdict
    reason: str
    """Short and groupable, for people: "HTTP 500", "timeout", "code 17", "connection refused". Empty if accepted."""
    started_at: datetime
    duration_ms: int
    http_status: int | None = None
    code: int | None = None
    """`code` of the provider's JSON, if there was one."""
    retry_after: timedelta | None = None
    """What the provider's Retry-After asked for."""
    excerpt: str | None = None
    """At most 500 characters of the body, or of the error."""

    def at(self, started_at: datetime) -> "Answer":
        """The same, begun at that moment of another clock: the database's, by which attempts are kept in order."""
        return replace(self, started_at=started_at)


class Provider(Protocol):
    """Hands messages to the outside. One instance serves one event loop."""

    async def send(self, message: Outgoing, *, leave_within: float | None = None) -> Answer:
        """Send one message and wait for the answer, never longer than the request timeout.

        `leave_within`: seconds within which the request must have a connection to leave on; one that could not leave
        by then is not sent (UNSENT, or DEFERRED if connecting took the time). It does not shorten the wait for the
        answer. Raises nothing but cancellation: every failure is an Answer.
        """
        ...

    async def close(self) -> None:
        """Close the connections. What is still in flight ends as an Answer; a later send is DEFERRED."""
        ...
