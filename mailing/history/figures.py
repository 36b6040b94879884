"""What is told of how messages came to their ends over time."""

from dataclasses import dataclass
from datetime import date, datetime

from mailing.messages.ends import Ended


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a mailing's life."""

    starts_at: datetime
    ended: Ended


@dataclass(frozen=True, slots=True)
class MailingHistory:
    """A mailing's life from its start to its end, or until now, in steps of equal length. One snapshot."""

    step_seconds: int
    """A step begins where this divides the seconds since the beginning of the year 2000, UTC."""
    steps: tuple[Step, ...]
    """Without gaps, the oldest first; none of a mailing that has not started. They sum to the mailing's counters."""
    counted_since: datetime | None
    """What ended before that is in no step; None: everything is."""
    read_at: datetime
    """By the database's clock."""


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What became of messages on one day, in all, and what the provider answered."""

    date: date
    starts_at: datetime
    ends_at: datetime
    """The first instant of the next day."""
    ended: Ended
    requests: int
    """Begun on that day."""
    failures: int
    """Those of them that neither took the message nor refused it for good."""


@dataclass(frozen=True, slots=True)
class DailyTotals:
    """The last days in one zone."""

    zone: str
    days: tuple[DayTotals, ...]
    """Without gaps, the oldest first; the last is today."""
    counted_since: datetime | None
    """Of what came before, nothing or not all is known. None: everything is."""
