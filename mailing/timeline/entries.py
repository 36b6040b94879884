"""What a timeline consists of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple, Self

from mailing.messages.records import Attempt
from mailing.models.message import MessageStatus

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LATEST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LARGEST_ID = 2**63 - 1
_is_written = re.compile(r"([0-9]{1,18})\.([0-9])\.([0-9]{1,19})\.([0-9]{1,9})").fullmatch


class EntryKind(StrEnum):
    """What happened. What the database records as an event has its subject and kind there as its name here."""

    CLIENT_CREATED = "CLIENT_CREATED"
    CLIENT_EDITED = "CLIENT_EDITED"
    CLIENT_DELETED = "CLIENT_DELETED"
    MAILING_CREATED = "MAILING_CREATED"
    MAILING_EDITED = "MAILING_EDITED"
    MAILING_STARTED = "MAILING_STARTED"
    MAILING_AUDIENCE_SELECTED = "MAILING_AUDIENCE_SELECTED"
    MAILING_PAUSED = "MAILING_PAUSED"
    MAILING_RESUMED = "MAILING_RESUMED"
    MAILING_LEASE_TAKEN_BACK = "MAILING_LEASE_TAKEN_BACK"
    MAILING_EXPIRED = "MAILING_EXPIRED"
    MAILING_CANCELLED = "MAILING_CANCELLED"
    MAILING_FINISHED = "MAILING_FINISHED"
    MAILING_MESSAGES_REMOVED = "MAILING_MESSAGES_REMOVED"
    MAILING_DELETED = "MAILING_DELETED"
    CHANNEL_HELD = "CHANNEL_HELD"
    CHANNEL_RELEASED = "CHANNEL_RELEASED"
    MESSAGE_CREATED = "MESSAGE_CREATED"
    MESSAGE_TRIED = "MESSAGE_TRIED"
    MESSAGE_WINDOW_CLOSED = "MESSAGE_WINDOW_CLOSED"
    MESSAGE_ENDED = "MESSAGE_ENDED"


class Source(IntEnum):
    """Where an entry comes from; of entries of the same microsecond the smaller one comes first."""

    EVENT = 0
    CREATION = 1
    TRY = 2
    CLOSING = 3
    ENDING = 4


class Place(NamedTuple):
    """Where an entry stands in its timeline: places of different entries differ, and compare as the entries follow.

    The last two tell apart what one source has for the same microsecond. Written by `str`, for cursors.
    """

    at: datetime
    source: int
    id: int
    """Of the event, or else of the message."""
    number: int = 0
    """Of tries, which share the message's id."""

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}.{self.source:d}.{self.id}.{self.number}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The reverse of `str`; None for what no place is written as."""
        match = _is_written(text)
        if match is None:
            return None
        microseconds, source, id, number = map(int, match.groups())
        if microseconds > _LATEST or id > _LARGEST_ID:
            return None
        return cls(_EPOCH + microseconds * _MICROSECOND, source, id, number)


FIRST_PLACE = Place(datetime.min.replace(tzinfo=UTC), 0, 0)
LAST_PLACE = Place(datetime.max.replace(tzinfo=UTC), 9, _LARGEST_ID)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened. What does not belong to its kind is None or empty."""

    place: Place
    kind: EntryKind
    user: str | None = None
    """The subject of whose request it arose from; None: the service did it by itself."""
    operation_id: str | None = None
    mailing_id: int | None = None
    client_id: int | None = None
    message_id: int | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    """Old and new values by column, as JSON has them; None for none, and for a phone that is no longer kept."""
    messages: int | None = None
    """How many messages it concerned."""
    days: int | None = None
    """For how many days after a mailing's end messages were kept."""
    cause: str | None = None
    """Of a held channel: a BreakerCause."""
    reason: str | None = None
    """Why, for people."""
    attempt: Attempt | None = None
    until: datetime | None = None
    """When what it waits for ends, as it was known then."""
    timezone: str | None = None
    """Of the client's window that is closed."""
    status: MessageStatus | None = None
    """What a message ended as."""

    @property
    def at(self) -> datetime:
        return self.place.at
