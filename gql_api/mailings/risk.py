"""Whether a mailing will miss its end, as the API shows it."""

from typing import Self

import strawberry

import gql_api.statuses  # noqa: F401  # makes the causes an enum of the schema
from mailing.reports.figures import MailingAtRisk, Risk


@strawberry.type(description="That a mailing will miss its end if nothing changes.")
class MailingRisk:
    cause: Risk = strawberry.field(description="Why.")
    messages_left: int = strawberry.field(description="How many of its messages are PENDING or SENDING.")
    will_miss: int = strawberry.field(
        description="How many of these will not be sent by endsAt, at least: as many as would be left if nothing else "
        "got in the way."
    )
    messages_per_second: float | None = strawberry.field(
        description="The rate by which that is reckoned: of the mailing's best quarter of an hour in the last hour, or "
        "what all mailings together have reached if it waits for its window, at most maxRate; in its first two minutes "
        "maxRate alone. Only with TOO_SLOW."
    )

    @classmethod
    def of(cls, row: MailingAtRisk) -> Self:
        """The risk as it was judged."""
        return cls(cause=row.risk, messages_left=row.left, will_miss=row.will_miss, messages_per_second=row.rate)
