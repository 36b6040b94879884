"""What an explanation says."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from mailing.delivery.channel_health import ChannelStanding
from mailing.delivery.window import LocalTimeWindow


class Outcome(StrEnum):
    """Whether the client was, was not, or will be sent the mailing."""

    SENT = "SENT"
    MAY_HAVE_BEEN_SENT = "MAY_HAVE_BEEN_SENT"
    BEING_SENT = "BEING_SENT"
    WILL_BE_SENT = "WILL_BE_SENT"
    WILL_NOT_BE_SENT = "WILL_NOT_BE_SENT"
    NOT_SENT = "NOT_SENT"
    UNKNOWN = "UNKNOWN"


class Cause(StrEnum):
    """Why."""

    ACCEPTED = "ACCEPTED"
    UNCONFIRMED = "UNCONFIRMED"
    REFUSED = "REFUSED"
    TRIES_USED_UP = "TRIES_USED_UP"
    MAILING_ENDED = "MAILING_ENDED"
    MAILING_CANCELLED = "MAILING_CANCELLED"
    MAILING_DELETED = "MAILING_DELETED"
    MESSAGES_REMOVED = "MESSAGES_REMOVED"
    CLIENT_DELETED = "CLIENT_DELETED"
    CLIENT_ADDED_LATER = "CLIENT_ADDED_LATER"
    FILTER = "FILTER"
    FILTER_CHANGED = "FILTER_CHANGED"
    NOT_CHOSEN = "NOT_CHOSEN"
    NO_OPEN_WINDOW = "NO_OPEN_WINDOW"
    NOT_STARTED = "NOT_STARTED"
    BEING_CHOSEN = "BEING_CHOSEN"
    PAUSED = "PAUSED"
    CHANNEL_HELD = "CHANNEL_HELD"
    RETRY = "RETRY"
    WINDOW_CLOSED = "WINDOW_CLOSED"
    IN_LINE = "IN_LINE"
    IN_FLIGHT = "IN_FLIGHT"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer in short."""

    outcome: Outcome
    cause: Cause
    at: datetime | None = None
    """When it was decided: when it was sent, ended or deleted, or when the audience was complete."""
    earliest_at: datetime | None = None
    """Of WILL_BE_SENT: not before; None where somebody has to do something first."""


@dataclass(frozen=True, slots=True)
class FilterMatch:
    """What the mailing looked for and what the client was, at one moment."""

    at: datetime
    operator_codes: list[str]
    tags: list[str]
    operator_code: str
    tag: str

    @property
    def matches(self) -> bool:
        """Empty lists let anybody pass; where both hold something, both must match."""
        return (not self.operator_codes or self.operator_code in self.operator_codes) and (
            not self.tags or self.tag in self.tags
        )


@dataclass(frozen=True, slots=True)
class WindowVerdict:
    """The client's clock and the mailing's window, at the moment of the explanation."""

    window: LocalTimeWindow | None
    timezone: str
    local_time: time | None
    """None for a zone that nobody knows."""
    is_open: bool
    opens_at: datetime | None
    """When it is open next: now, if it is; None: never."""
    closes_at: datetime | None
    """When it closes, if it is open and ever does."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is told of one client and one mailing, as of `now`."""

    now: datetime
    judgement: Judgement
    text: str
    message_id: int | None
    filter_then: FilterMatch | None
    """When the mailing chose its clients; None if it has not, or the client was not there."""
    filter_now: FilterMatch | None
    """None if one of them is deleted."""
    window: WindowVerdict | None
    """None if the client or the mailing is deleted."""
    tries: int
    """Requests to the provider, those that do not count included."""
    next_try_at: datetime | None
    channel: ChannelStanding
