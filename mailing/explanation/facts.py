"""What the database knows of one client and one mailing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailing.delivery.channel_health import ChannelStanding
from mailing.delivery.window import LocalTimeWindow
from mailing.messages.records import Attempt
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.timeline.entries import EntryKind, TimelineEntry


@dataclass(frozen=True, slots=True)
class MailingFacts:
    """The mailing as it is."""

    status: MailingStatus
    starts_at: datetime
    ends_at: datetime
    operator_codes: list[str]
    tags: list[str]
    window: LocalTimeWindow | None
    is_selected: bool
    """Its audience is complete."""
    is_being_checked: bool
    """Its messages are being checked against a changed filter."""
    is_closed: bool
    """Nothing more is sent."""
    messages_removed_at: datetime | None = None
    """Since when its messages are kept no longer; None while they are."""


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """The client as the client is."""

    operator_code: str
    tag: str
    timezone: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """The message as it stands, and what the client was when the mailing chose the client."""

    id: int
    operator_code: str
    tag: str
    timezone: str
    status: MessageStatus
    """The effective one."""
    is_uncertain: bool
    """A try got no answer: the provider may have it."""
    reason: str | None
    due_at: datetime
    created_at: datetime
    ended_at: datetime | None
    attempts: Sequence[Attempt]

    def next_try_at(self, now: datetime) -> datetime | None:
        """Until when a try that failed puts it off; None if it waits for no other try.

        A worker puts off, too, what it may not send because the window has closed meanwhile: that is no try.
        """
        if self.status is not MessageStatus.PENDING or self.due_at <= now or not self.attempts:
            return None
        # Of tries from before this was written down, it is not known.
        return self.due_at if self.attempts[-1].next_try_at in (None, self.due_at) else None


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it, as of `now`."""

    now: datetime
    mailing: MailingFacts | None
    """None once it is deleted."""
    client: ClientFacts | None
    """None once deleted."""
    message: MessageFacts | None
    """None where the mailing has not chosen the client, is deleted, or keeps its messages no longer."""
    channel: ChannelStanding
    mailing_events: Sequence[TimelineEntry]
    client_events: Sequence[TimelineEntry]

    def last_of_mailing(self, kind: EntryKind) -> TimelineEntry | None:
        """The last event of this kind."""
        return next((event for event in reversed(self.mailing_events) if event.kind is kind), None)

    @property
    def client_deleted_at(self) -> datetime | None:
        """None while the client is there, and where it is not known."""
        return next((event.at for event in self.client_events if event.kind is EntryKind.CLIENT_DELETED), None)

    @property
    def selected_at(self) -> datetime | None:
        """When the audience was complete last; None if that is still to come."""
        if self.mailing is not None and not self.mailing.is_selected:
            return None
        selected = self.last_of_mailing(EntryKind.MAILING_AUDIENCE_SELECTED)
        return selected.at if selected else None
