"""Entries of timelines as the API shows them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from gql_api.context import Info
from gql_api.messages.types import DeliveryAttempt
from gql_api.pagination import RECKONED
from gql_api.statuses import describe
from gql_api.timeline.changes import ValueChange, shown_changes
from mailing.models import MessageStatus
from mailing.timeline import entries
from mailing.timeline.entries import EntryKind
from mailing.timeline.wording import sentence

if TYPE_CHECKING:
    from gql_api.mailings.types import Mailing
    from gql_api.messages.types import Message

describe(
    EntryKind,
    "What happened. Others may be added: show the text of those that you do not know.",
    {
        "CLIENT_CREATED": "The client was added, by somebody or with a file.",
        "CLIENT_EDITED": "Values of the client were changed: see changes.",
        "CLIENT_DELETED": "The client was deleted, and the phone forgotten, also in what happened before.",
        "MAILING_CREATED": "The mailing was created; changes holds what it was created with.",
        "MAILING_EDITED": "Values of the mailing were changed: see changes.",
        "MAILING_STARTED": "Its start had come: from now on clients are chosen and messages sent.",
        "MAILING_AUDIENCE_SELECTED": "All clients were chosen, also after a change of the filter; messages counts all "
        "messages of the mailing.",
        "MAILING_PAUSED": "Somebody paused it.",
        "MAILING_RESUMED": "Somebody resumed it.",
        "MAILING_LEASE_TAKEN_BACK": "A worker fell silent: what it held (messages counts it) went back to the others.",
        "MAILING_EXPIRED": "endsAt had come before everything was sent: nothing more leaves. messages counts "
        "what still waited.",
        "MAILING_CANCELLED": "Somebody cancelled it; messages counts what still waited.",
        "MAILING_FINISHED": "Every message has its final status.",
        "MAILING_MESSAGES_REMOVED": "It had been over for so long that its messages were removed, with their attempts; "
        "messages counts them. Its statistics stay.",
        "MAILING_DELETED": "Somebody deleted it, with its messages.",
        "CHANNEL_HELD": "Nothing goes out to the provider any more, of no mailing: reason says what was seen.",
        "CHANNEL_RELEASED": "The provider works again, and sending goes on.",
        "MESSAGE_CREATED": "The mailing chose the client.",
        "MESSAGE_TRIED": "A request to the provider: attempt has the answer, until the next try if there is to be one.",
        "MESSAGE_WINDOW_CLOSED": "The message waited for the client's window to open: until says when. Told "
        "afterwards, from the window and the client's time zone as they were; of a very long wait, the first closing "
        "and those of the last month.",
        "MESSAGE_ENDED": "The message got its final status: status, and reason if there is more to say.",
    },
    name="TimelineEntryKind",
)


@strawberry.type(description="One thing that happened to a mailing, a client or a message.")
class TimelineEntry:
    mailing_id: strawberry.Private[int | None]
    message_id: strawberry.Private[int | None]
    at: datetime = strawberry.field(description="When it happened.")
    kind: EntryKind = strawberry.field(description="What happened, for programs.")
    text: str = strawberry.field(description="What happened, in a sentence in English, for people.")
    user: str | None = strawberry.field(
        description="The subject of whose request it arose from, or how the command line names its user; null if the "
        "service did it by itself, or before it took notes of that."
    )
    operation_id: str | None = strawberry.field(
        description="The operation that it arose from: the same in the log. Null as for `user`."
    )
    changes: list[ValueChange] = strawberry.field(
        description="What was changed from what to what, where values were; empty otherwise.", metadata={RECKONED: 3}
    )
    messages: int | None = strawberry.field(description="How many messages it concerned, where that is known.")
    reason: str | None = strawberry.field(description="Why, in a few words; null where there is no more to say.")
    attempt: DeliveryAttempt | None = strawberry.field(description="The request to the provider, of MESSAGE_TRIED.")
    until: datetime | None = strawberry.field(
        description="When what it then waited for was to end: the wait before the next try, or the closed window. "
        "Null where nothing is waited for, or without an end."
    )
    status: MessageStatus | None = strawberry.field(description="What the message ended as, of MESSAGE_ENDED.")

    @strawberry.field(description="The mailing that it happened to, or to whose message; null once that is deleted.")
    async def mailing(self, info: Info) -> Annotated["Mailing", strawberry.lazy("gql_api.mailings.types")] | None:
        from gql_api.mailings.types import Mailing

        row = None if self.mailing_id is None else await info.context.loaders.mailing.load(self.mailing_id)
        return Mailing.of(row) if row else None

    @strawberry.field(description="The message that it happened to, if it did; null once that is deleted.")
    async def message(self, info: Info) -> Annotated["Message", strawberry.lazy("gql_api.messages.types")] | None:
        from gql_api.messages.types import Message

        row = None if self.message_id is None else await info.context.loaders.message.load(self.message_id)
        return Message.of(row) if row else None

    @classmethod
    def of(cls, entry: entries.TimelineEntry) -> Self:
        """The entry as the product tells it."""
        return cls(
            mailing_id=entry.mailing_id,
            message_id=entry.message_id,
            at=entry.at,
            kind=entry.kind,
            text=sentence(entry),
            user=entry.user,
            operation_id=entry.operation_id,
            changes=shown_changes(entry.changes),
            messages=entry.messages,
            reason=entry.reason,
            attempt=DeliveryAttempt.of(entry.attempt) if entry.attempt else None,
            until=entry.until,
            status=entry.status,
        )
