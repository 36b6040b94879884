"""What a report tells."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailing.messages.ends import Ended
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.reports.day import ReportDay
from mailing.statistics.figures import CountByStatus

LOST = (MessageStatus.FAILED, MessageStatus.EXPIRED, MessageStatus.UNCONFIRMED)
"""Those that nobody wanted."""


@dataclass(frozen=True, slots=True)
class HourFigures:
    """One hour of the day."""

    starts_at: datetime
    """By the zone's clock."""
    ended: Ended
    requests: int
    """To the provider, those begun in this hour."""
    failures: int
    """Those of them that neither took the message nor refused it for good: errors, timeouts, a refused token."""
    slow: int
    """Those of them that took a second or more."""
    mean_ms: float | None
    """How long one took on average; None without one of which it is known."""

    @property
    def lost(self) -> int:
        """Messages that came to an end that nobody wanted."""
        return lost_of(self.ended)


@dataclass(frozen=True, slots=True)
class FailureFigures:
    """The messages that came to one unwanted end for one reason."""

    status: MessageStatus
    reason: str
    """Empty where there is none: of a message that expired untried."""
    messages: int


@dataclass(frozen=True, slots=True)
class MailingFigures:
    """One mailing on that day."""

    id: int
    text: str
    """Its beginning."""
    status: MailingStatus
    """As it is now."""
    starts_at: datetime
    ends_at: datetime
    ended: Ended
    """On that day."""
    counts: CountByStatus
    """Of all its messages, now."""

    @property
    def lost(self) -> int:
        """Messages that came to an end that nobody wanted, on that day."""
        return lost_of(self.ended)


class Risk(StrEnum):
    """Why a mailing that runs may miss its end."""

    PAUSED = "PAUSED"
    """Somebody has paused it."""
    HELD = "HELD"
    """Nothing leaves to the provider."""
    STALLED = "STALLED"
    """Messages are due, and none was sent in the last hour."""
    TOO_SLOW = "TOO_SLOW"
    """The time that is left is too short at the rate seen."""
    CLOSED = "CLOSED"
    """Its window does not open again in some zones before its end."""


@dataclass(frozen=True, slots=True)
class MailingAtRisk:
    """A mailing that ends within a day, and will not be done by then if nothing changes."""

    id: int
    text: str
    """Its beginning."""
    ends_at: datetime
    left: int
    """Messages that still wait or are being sent."""
    will_miss: int
    """At least so many of them."""
    risk: Risk
    rate: float | None
    """Messages a second, where that is the reason."""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """All that a report of one day tells."""

    day: ReportDay
    made_at: datetime
    """By the database's clock."""
    counted_since: datetime | None
    """Of what came before, nothing or not all is known. None: everything is."""
    ended: Ended
    hours: tuple[HourFigures, ...]
    """All hours of the day, in their order."""
    failures: tuple[FailureFigures, ...]
    """Most frequent first."""
    mailings: tuple[MailingFigures, ...]
    """Those that were under way on that day, the ones with most messages first; see `mailings_found`."""
    mailings_found: int
    """How many there are, also where not all are listed."""
    messages_of_deleted: int
    """Those of `ended` whose mailing is deleted by now."""
    at_risk: tuple[MailingAtRisk, ...] | None
    """As of now; None in the report of a day that is long over."""
    held_since: datetime | None
    """Nothing leaves to the provider; as of now."""
    held_because: str | None

    @property
    def is_over(self) -> bool:
        """Whether the day is; before that these are its figures so far."""
        return self.made_at >= self.day.ends_at

    @property
    def is_partly_counted(self) -> bool:
        """Whether something of the day is missing."""
        return self.counted_since is not None and self.counted_since > self.day.starts_at

    @property
    def is_uncounted(self) -> bool:
        """Whether nothing is known of the day."""
        return self.counted_since is not None and self.counted_since >= self.day.ends_at

    @property
    def lost(self) -> int:
        """Messages that came to an end that nobody wanted."""
        return lost_of(self.ended)

    @property
    def sent_share(self) -> float | None:
        """Sent, of all that were sent or came to an unwanted end. What people cancelled counts for neither."""
        tried = self.ended[MessageStatus.SENT] + self.lost
        return self.ended[MessageStatus.SENT] / tried if tried else None


def lost_of(ended: Ended) -> int:
    """Messages that came to an end that nobody wanted."""
    return sum(ended[status] for status in LOST)
