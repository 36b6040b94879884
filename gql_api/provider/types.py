"""The provider's health as the API shows it."""

from datetime import datetime
from typing import Self

import strawberry

import gql_api.statuses  # noqa: F401  # makes the states enums of the schema
from mailing.delivery.breaker import SUCCESSES_TO_CLOSE, WINDOW, BreakerCause, BreakerState
from mailing.delivery.channel_health import ChannelStanding

_RECENTLY = f"within the last {WINDOW.total_seconds():g} seconds, as far as the workers have told"


@strawberry.type(
    description="Whether the SMS provider can be reached and works, as all workers together see it. While it does not, "
    "messages wait and lose nothing by it; sending goes on by itself."
)
class ProviderHealth:
    breaker: BreakerState = strawberry.field(description="Whether messages are sent. CLOSED is the good state.")
    cause: BreakerCause | None = strawberry.field(description="What is wrong; null while CLOSED.")
    reason: str | None = strawberry.field(
        description="What was seen that spoke against the provider last, in a few words; null while CLOSED."
    )
    since: datetime = strawberry.field(
        description="While CLOSED, when sending went on last; otherwise when it was stopped: it stays the same from "
        "OPEN to HALF_OPEN and back."
    )
    next_probe_at: datetime | None = strawberry.field(
        description="When the provider may next be tried with one message. It is tried with the first one that is due "
        "from then on, so a moment in the past says that it is being tried, or that no message waits to be sent. After "
        f"{SUCCESSES_TO_CLOSE} in a row that it answers properly all are sent. Null while CLOSED."
    )
    recent_requests: int = strawberry.field(description=f"Requests to the provider {_RECENTLY}.")
    recent_failures: int = strawberry.field(
        description="How many of these found it not working: no connection, no answer in time, an answer that is no "
        "answer, or HTTP 5xx."
    )
    updated_at: datetime = strawberry.field(
        description="The moment for which all of this holds. A subscription that tells nothing newer says that nothing "
        "has changed since."
    )

    @classmethod
    def of(cls, row: ChannelStanding) -> Self:
        """The health as the database has it."""
        return cls(
            breaker=row.state,
            cause=row.cause,
            reason=row.reason,
            since=row.since,
            next_probe_at=row.next_probe_at,
            recent_requests=row.requests,
            recent_failures=row.failures,
            updated_at=row.now,
        )
