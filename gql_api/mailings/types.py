"""A mailing as the API shows it."""

from datetime import datetime, time
from typing import TYPE_CHECKING, Annotated, Self

import strawberry
from strawberry import UNSET

from gql_api.callers import present
from gql_api.context import Info, MailingMessages
from gql_api.history.types import MailingHistory, MostSteps, bounded_steps
from gql_api.ids import id_of
from gql_api.mailings.risk import MailingRisk
from gql_api.node import Node
from gql_api.pagination import After, Before, Connection, First, Last, connection, part_of
from gql_api.statistics.types import MailingStatistics
from gql_api.statuses import MessageStatuses
from mailing import models
from mailing.models import MailingStatus
from mailing.paging import Page

if TYPE_CHECKING:
    from gql_api.mailings.progress import MailingProgress
    from gql_api.messages.types import Message
    from gql_api.timeline.types import TimelineEntry


@strawberry.type(description="Whom a mailing is for. Where both lists hold something, both must match.")
class MailingFilter:
    operator_codes: list[str] = strawberry.field(
        description="Clients with one of these operator codes; empty: with any. At most 100."
    )
    tags: list[str] = strawberry.field(description="Clients with one of these tags; empty: with any. At most 100.")


@strawberry.type(
    description="The part of the day, by each client's own clock, in which a mailing may reach the client. "
    "It crosses midnight if it closes before it opens."
)
class LocalTimeWindow:
    opens_at: time = strawberry.field(description="From this minute on, inclusive.")
    closes_at: time = strawberry.field(description="Up to this minute, exclusive.")


@strawberry.type(description="A text, the clients it is for, and when it may be sent.")
class Mailing(Node):
    number: strawberry.Private[int]
    text: str = strawberry.field(description="What is sent, at most 1,000 characters.")
    starts_at: datetime = strawberry.field(description="Sending starts at this moment by itself.")
    ends_at: datetime = strawberry.field(description="Nothing is sent from this moment on.")
    filter: MailingFilter = strawberry.field(description="Whom it is for.")
    window: LocalTimeWindow | None = strawberry.field(
        description="At which hours of the client's own day it may be sent; null: at any."
    )
    max_rate: int | None = strawberry.field(
        description="Most messages a second, all workers together, 1 to 100,000; null: as fast as the provider allows. "
        "In no second more than that and a tenth of it; below 10 not even that."
    )
    status: MailingStatus = strawberry.field(description="Where it stands.")
    created_at: datetime = strawberry.field(description="When it was created.")
    messages_removed_at: datetime | None = strawberry.field(
        description="When its messages and their attempts were removed, for they are kept for so many days after the "
        "end only: from then on `messages` is empty, and none of them is found by its id. What progress, "
        "statistics and history say stays as it was. Null while they are there, and where there were none."
    )
    updated_at: datetime = strawberry.field(description="When its values or its status last changed, or endsAt came.")

    @strawberry.field(description="How far the sending has come, exact at this moment.")
    async def progress(self, info: Info) -> Annotated["MailingProgress", strawberry.lazy("gql_api.mailings.progress")]:
        from gql_api.mailings.progress import MailingProgress

        return MailingProgress.of(present(await info.context.loaders.progress.load(self.number), self.id))

    @strawberry.field(description="Its messages counted by their properties, exact at this moment.")
    async def statistics(self, info: Info) -> MailingStatistics:
        return MailingStatistics.of(present(await info.context.loaders.statistics.load(self.number), self.id))

    @strawberry.field(
        description="How its messages came to their ends over its life, in steps of equal length that grow "
        "with it: what a chart shows. They sum to what its statistics say of the five final statuses."
    )
    async def history(self, info: Info, most_steps: MostSteps = UNSET) -> MailingHistory:
        key = (self.number, bounded_steps(most_steps))
        return MailingHistory.of(present(await info.context.loaders.history.load(key), self.id))

    @strawberry.field(
        description="Why it will miss its end if nothing changes, judged anew each time from the rate of the last "
        "hour, the windows, a pause and the provider. Null where nothing says so: it does not run, or will be done in "
        "time as far as is known, or ends in more than a month. Costs more than progress: where you follow that live, "
        "ask for this every few seconds rather than with every state."
    )
    async def risk(self, info: Info) -> MailingRisk | None:
        found = await info.context.loaders.risk.load(self.number)
        return MailingRisk.of(found) if found else None

    @strawberry.field(
        description="Its messages, in the order of their clients' ids. None once they were removed: see "
        "messagesRemovedAt."
    )
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
        page = await info.context.loaders.mailing_messages.load(MailingMessages(self.number, chosen, part))

        async def count() -> int:
            return await info.context.loaders.mailing_message_count.load((self.number, chosen)) or 0

        return connection(
            page or Page([], False, False), list_name, key=lambda m: m.client_id, node=Message.of, count=count
        )

    @strawberry.field(
        description="What happened to it, the oldest first: who created and changed it, from what to what, its start, "
        "pauses and end, and when the way to the provider was closed while it ran. What happened to each message is in "
        "the message's own timeline."
    )
    async def timeline(
        self, info: Info, first: First = UNSET, after: After = UNSET, last: Last = UNSET, before: Before = UNSET
    ) -> Connection[Annotated["TimelineEntry", strawberry.lazy("gql_api.timeline.types")]]:
        from gql_api.timeline.connections import timeline_of

        return await timeline_of(info, "mailing", self.number, first=first, after=after, last=last, before=before)

    @classmethod
    def of(cls, row: models.Mailing) -> Self:
        """The mailing as the database has it."""
        window = None
        if row.window_opens_at is not None and row.window_closes_at is not None:
            window = LocalTimeWindow(opens_at=row.window_opens_at, closes_at=row.window_closes_at)
        return cls(
            id=id_of("mailing", row.id),
            number=row.id,
            text=row.text,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            filter=MailingFilter(operator_codes=row.operator_codes, tags=row.tags),
            window=window,
            max_rate=row.max_rate,
            status=row.status,
            created_at=row.created_at,
            messages_removed_at=row.messages_removed_at,
            updated_at=row.updated_at,
        )

    @classmethod
    async def load(cls, info: Info, number: int) -> Self:
        """The mailing that something else in the answer belongs to.

        Raises GoneError if it has been deleted since that was read.
        """
        return cls.of(present(await info.context.loaders.mailing.load(number), id_of("mailing", number)))
