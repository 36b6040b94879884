"""What a pump holds in its hands: the terms of its mailing, the messages it claimed, and what became of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailing.delivery.window import LocalTimeWindow, is_open, next_closing
from mailing.models.message import MessageStatus
from mailing.origin import Origin
from mailing.provider.protocol import Answer


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mailing's row says now: what to send, and until when it may be sent."""

    mailing_id: int
    revision: int
    text: str
    text_version: int
    ends_at: datetime
    window: LocalTimeWindow | None
    max_rate: int | None = None
    """Messages a second, all workers together."""
    origin: Origin | None = None
    """The operation that created the mailing."""

    def open_until(self, zone: str, now: datetime) -> datetime | None:
        """Until when clients in `zone` may be texted, the end of the mailing included; None: not now."""
        if now >= self.ends_at or not is_open(self.window, zone, now):
            return None
        closes_at = next_closing(self.window, zone, now)
        return min(closes_at, self.ends_at) if closes_at else self.ends_at


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message under this pump's lease. `number` is that of the try that it was claimed for, from 1."""

    id: int
    client_id: int
    phone: int
    timezone: str
    number: int
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What is to be written of a claimed message.

    `status` PENDING puts it back: at once (`due_at` None) or for a later try. `spent` says whether the try counts.
    """

    message: Claimed
    status: MessageStatus
    due_at: datetime | None = None
    uncertain: bool = False
    spent: bool = True
    reason: str | None = None
    answer: Answer | None = None
    text_version: int | None = None
    """Which wording was sent; with `answer`."""
    too_late_under: int | None = None
    """The revision of the mailing by which no further try fits before the end: an edit since then reopens the case."""

    @property
    def answered_at(self) -> datetime | None:
        """When the answer came, by the database's clock."""
        if self.answer is None:
            return None
        return self.answer.started_at + timedelta(milliseconds=self.answer.duration_ms)


PUT_OFF = timedelta(seconds=5)
"""For how long to put off a message that may not be sent now though the database gave it out.

Either the window has closed since, or the zone data of the two differ: both must allow it, so it waits. Not long, for
an edit may open the window again.
"""


def handed_back(message: Claimed, due_at: datetime | None = None) -> Result:
    """The result of not having tried."""
    return Result(message, MessageStatus.PENDING, due_at, uncertain=message.uncertain, spent=False)
