"""What is told of a message to those who ask about it."""

from dataclasses import dataclass
from datetime import datetime

from mailing.models.message import MessageStatus


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as it stands."""

    id: int
    mailing_id: int
    client_id: int
    """May name a client who is deleted by now."""
    status: MessageStatus
    """The effective one, not the stored one: see `mailing.messages.status`."""
    reason: str | None
    """Why it ended otherwise than SENT, or what its last try met if that may have been accepted."""
    attempts: int
    """Requests to the provider so far that count as tries."""
    created_at: datetime
    sent_at: datetime | None
    """When the provider accepted it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to the provider."""

    number: int
    """From 1. A request that did not count as a try shares its number with the next one."""
    started_at: datetime
    duration_ms: int | None
    """None if the worker died before it could tell."""
    outcome: str
    """The provider's verdict, or LOST if the worker died with the message in its hands."""
    http_status: int | None
    code: int | None
    """The provider's own code, inside its answer."""
    excerpt: str | None
    """The beginning of the answer."""
    text_version: int | None
    """Which wording of the mailing's text was sent."""
    spent: bool
    """It counted as one of the message's tries."""
    next_try_at: datetime | None = None
    """Until when it put the message off; None if it did not, or if that is not known."""
