"""A message and the tries to send it, as the API shows them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry
from strawberry import UNSET

from gql_api.context import Info
from gql_api.ids import id_of
from gql_api.node import Node
from gql_api.pagination import RECKONED, After, Before, Connection, First, Last
from mailing.messages.queries import Attempt, MessageRow
from mailing.models import MessageStatus

if TYPE_CHECKING:
    from gql_api.clients.types import Client
    from gql_api.mailings.types import Mailing
    from gql_api.timeline.types import TimelineEntry


@strawberry.type(description="One request to the provider for one message.")
class DeliveryAttempt:
    number: int = strawberry.field(
        description="Counts the tries from 1. One that is not spent has the same number as the one that follows it."
    )
    started_at: datetime = strawberry.field(description="When the request began.")
    duration_ms: int | None = strawberry.field(
        description="How long it took, in milliseconds; null if the worker died before it could tell."
    )
    outcome: str = strawberry.field(
        description="What came of it, in one word, such as ACCEPTED; LOST if the worker died with it in its hands."
    )
    http_status: int | None = strawberry.field(description="HTTP status of the answer; null without an answer.")
    provider_code: int | None = strawberry.field(
        description="`code` in the provider's answer, 0 if it accepted; null without one."
    )
    response: str | None = strawberry.field(
        description="The beginning of the provider's answer, or what went wrong; null if there is nothing to show."
    )
    spent: bool = strawberry.field(
        description="Whether it counts as one of the message's tries. A refused token costs none, nor does a "
        "probe of a failing provider that fails, too: see ProviderHealth."
    )
    next_try_at: datetime | None = strawberry.field(
        description="Until when it put the message off: the next try comes then, or when the client's window opens. "
        "Null if no wait was set, as where the message had its final status."
    )

    @classmethod
    def of(cls, row: Attempt) -> Self:
        """The attempt as the database has it."""
        return cls(
            number=row.number,
            started_at=row.started_at,
            duration_ms=row.duration_ms,
            outcome=row.outcome,
            http_status=row.http_status,
            provider_code=row.code,
            response=row.excerpt,
            spent=row.spent,
            next_try_at=row.next_try_at,
        )


@strawberry.type(
    description="One text to one client. Its number is the msgId that the provider gets, the same in every try."
)
class Message(Node):
    number: strawberry.Private[int]
    mailing_id: strawberry.Private[int]
    client_id: strawberry.Private[int]
    status: MessageStatus = strawberry.field(description="Where it stands.")
    created_at: datetime = strawberry.field(description="When the mailing chose the client.")
    reason: str | None = strawberry.field(
        description="In a few words. Why it FAILED or is UNCONFIRMED; of an EXPIRED one, the failure that left no time "
        "for another try; of a CANCELLED one, that its client was deleted or is no longer chosen. While it is PENDING "
        "or SENDING, its last failure if the provider may have it all the same. Null otherwise."
    )
    sent_at: datetime | None = strawberry.field(
        description="When the provider accepted it, by the database's clock; null until then."
    )

    @strawberry.field(description="The mailing that it belongs to.")
    async def mailing(self, info: Info) -> Annotated["Mailing", strawberry.lazy("gql_api.mailings.types")]:
        from gql_api.mailings.types import Mailing

        return await Mailing.load(info, self.mailing_id)

    @strawberry.field(description="Whom it is for; null once the client is deleted.")
    async def client(self, info: Info) -> Annotated["Client", strawberry.lazy("gql_api.clients.types")] | None:
        from gql_api.clients.types import Client

        row = await info.context.loaders.client.load(self.client_id)
        return Client.of(row) if row else None

    # Nearly all have one; as many as retries allow are a sign of an outage, and then not of all messages of a page.
    @strawberry.field(description="Every request to the provider for it, the oldest first.", metadata={RECKONED: 5})
    async def attempts(self, info: Info) -> list[DeliveryAttempt]:
        rows = await info.context.loaders.attempts.load(self.number)
        return [DeliveryAttempt.of(row) for row in rows or ()]

    @strawberry.field(
        description="What happened to it, the oldest first: each request to the provider with its answer, when it was "
        "tried again, closed windows, and what happened meanwhile to its mailing, its client and the way to the "
        "provider."
    )
    async def timeline(
        self, info: Info, first: First = UNSET, after: After = UNSET, last: Last = UNSET, before: Before = UNSET
    ) -> Connection[Annotated["TimelineEntry", strawberry.lazy("gql_api.timeline.types")]]:
        from gql_api.timeline.connections import timeline_of

        return await timeline_of(info, "message", self.number, first=first, after=after, last=last, before=before)

    @classmethod
    def of(cls, row: MessageRow) -> Self:
        """The message as the database has it."""
        return cls(
            id=id_of("message", row.id),
            number=row.id,
            mailing_id=row.mailing_id,
            client_id=row.client_id,
            status=row.status,
            created_at=row.created_at,
            reason=row.reason,
            sent_at=row.sent_at,
        )
