"""How far a mailing has come, as the API shows it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from gql_api.context import Info
from mailing.progress import snapshot

if TYPE_CHECKING:
    from gql_api.mailings.types import Mailing


@strawberry.type(
    description="How far the sending of a mailing has come. The seven counts sum to total at every moment."
)
class MailingProgress:
    mailing_id: strawberry.Private[int]
    total: int = strawberry.field(description="All its messages, one for each client that it chose.")
    pending: int = strawberry.field(description="How many are PENDING.")
    sending: int = strawberry.field(description="How many are SENDING.")
    sent: int = strawberry.field(description="How many are SENT.")
    failed: int = strawberry.field(description="How many are FAILED.")
    expired: int = strawberry.field(description="How many are EXPIRED.")
    unconfirmed: int = strawberry.field(description="How many are UNCONFIRMED.")
    cancelled: int = strawberry.field(description="How many are CANCELLED.")
    messages_per_second: float = strawberry.field(description="Accepted by the provider, over the last 10 seconds.")
    estimated_finish_at: datetime | None = strawberry.field(
        description="When it will be through at that rate, be it after endsAt or not; null while nothing is accepted."
    )
    updated_at: datetime = strawberry.field(description="The moment for which all of this holds.")

    @strawberry.field(description="The mailing.")
    async def mailing(self, info: Info) -> Annotated["Mailing", strawberry.lazy("gql_api.mailings.types")]:
        from gql_api.mailings.types import Mailing

        return await Mailing.load(info, self.mailing_id)

    @classmethod
    def of(cls, row: snapshot.MailingProgress) -> Self:
        """The progress as the counters have it."""
        return cls(
            mailing_id=row.mailing_id,
            total=row.total,
            pending=row.pending,
            sending=row.sending,
            sent=row.sent,
            failed=row.failed,
            expired=row.expired,
            unconfirmed=row.unconfirmed,
            cancelled=row.cancelled,
            messages_per_second=row.messages_per_second,
            estimated_finish_at=row.estimated_finish_at,
            updated_at=row.updated_at,
        )
