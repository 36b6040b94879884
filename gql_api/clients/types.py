"""A client as the API shows it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry
from strawberry import UNSET

from gql_api.context import ClientMessages, Info
from gql_api.ids import id_of
from gql_api.node import Node
from gql_api.pagination import After, Before, Connection, First, Last, connection, part_of
from gql_api.scalars import PhoneNumber, TimeZone
from gql_api.statuses import MessageStatuses
from mailing import models
from mailing.paging import Page

if TYPE_CHECKING:
    from gql_api.messages.types import Message
    from gql_api.timeline.types import TimelineEntry


@strawberry.type(description="A customer who can be texted.")
class Client(Node):
    number: strawberry.Private[int]
    phone: PhoneNumber = strawberry.field(description="No two clients have the same.")
    operator_code: str = strawberry.field(
        description="The mobile operator's code, 1 to 8 digits. Mailings choose clients by it."
    )
    tag: str = strawberry.field(
        description='Any label, at most 100 characters; "" without one. Mailings choose clients by it.'
    )
    timezone: TimeZone = strawberry.field(description="The zone whose clock a mailing's window goes by.")
    created_at: datetime = strawberry.field(description="When the client was added.")
    updated_at: datetime = strawberry.field(description="When one of the values last changed.")

    @strawberry.field(description="The messages to this client, of all mailings, the oldest first.")
    async def messages(  # noqa: PLR0917  # the arguments of the field, which come by name
        self,
        info: Info,
        statuses: MessageStatuses = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> Connection[Annotated["Message", strawberry.lazy("gql_api.messages.types")]]:
        from gql_api.messages.types import Message

        list_name = f"{self.id}.messages"
        chosen = tuple(sorted(set(statuses or ())))
        part = part_of(list_name, first, after, last, before)
        page = await info.context.loaders.client_messages.load(ClientMessages(self.number, chosen, part))

        async def count() -> int:
            return await info.context.loaders.client_message_count.load((self.number, chosen)) or 0

        return connection(page or Page([], False, False), list_name, key=lambda m: m.id, node=Message.of, count=count)

    @strawberry.field(
        description="What happened to the client, the oldest first: who added and changed the client, from what to "
        "what, and every message with its tries and its end."
    )
    async def timeline(
        self, info: Info, first: First = UNSET, after: After = UNSET, last: Last = UNSET, before: Before = UNSET
    ) -> Connection[Annotated["TimelineEntry", strawberry.lazy("gql_api.timeline.types")]]:
        from gql_api.timeline.connections import timeline_of

        return await timeline_of(info, "client", self.number, first=first, after=after, last=last, before=before)

    @classmethod
    def of(cls, row: models.Client) -> Self:
        """The client as the database has it."""
        return cls(
            id=id_of("client", row.id),
            number=row.id,
            phone=PhoneNumber(str(row.phone)),
            operator_code=row.operator_code,
            tag=row.tag,
            timezone=TimeZone(row.timezone),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
