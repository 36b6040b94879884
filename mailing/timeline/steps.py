"""The steps of a message, as entries."""

from datetime import datetime
from typing import NamedTuple

from mailing.messages.records import Attempt
from mailing.models.message import MessageStatus
from mailing.timeline.entries import EntryKind, Place, Source, TimelineEntry
from mailing.timeline.waiting import Closing


class MessageIds(NamedTuple):
    """Which message, and whose."""

    mailing_id: int
    client_id: int
    message_id: int


def created(at: datetime, message: MessageIds) -> TimelineEntry:
    """The mailing chose the client."""
    return TimelineEntry(
        Place(at, Source.CREATION, message.message_id),
        EntryKind.MESSAGE_CREATED,
        **message._asdict(),
    )


def tried(attempt: Attempt, message: MessageIds) -> TimelineEntry:
    """A request to the provider, with what came of it.

    One that was not spent has the number of the one that follows it: the place tells them apart.
    """
    return TimelineEntry(
        Place(attempt.started_at, Source.TRY, message.message_id, 2 * attempt.number + attempt.spent),
        EntryKind.MESSAGE_TRIED,
        **message._asdict(),
        attempt=attempt,
        until=attempt.next_try_at,
    )


def window_closed(closing: Closing, message: MessageIds) -> TimelineEntry:
    """It waited for the client's window."""
    return TimelineEntry(
        Place(closing.at, Source.CLOSING, message.message_id),
        EntryKind.MESSAGE_WINDOW_CLOSED,
        **message._asdict(),
        until=closing.until,
        timezone=closing.timezone,
    )


def ended(at: datetime, status: MessageStatus, reason: str | None, message: MessageIds) -> TimelineEntry:
    """It got its final status."""
    return TimelineEntry(
        Place(at, Source.ENDING, message.message_id),
        EntryKind.MESSAGE_ENDED,
        **message._asdict(),
        status=status,
        reason=reason,
    )
