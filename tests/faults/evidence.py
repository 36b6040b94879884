"""What a run leaves behind for its judges: plain data, so that a judge can be tested with made-up evidence."""

from dataclasses import dataclass
from datetime import datetime

from mailing.provider.fake.ledger import Entry
from tests.faults.journal import Request
from tests.faults.keeper import UnplannedEnd
from tests.faults.mailings import Created
from tests.faults.observer import Event
from tests.faults.steering import Moment


@dataclass(frozen=True, slots=True)
class PlayedFault:
    """A fault as it was really played."""

    name: str
    target: str
    began_at: float
    ended_at: float
    breaks_leases: bool

    def __str__(self) -> str:
        return f"{self.target} {self.name}"


@dataclass(frozen=True, slots=True)
class MailingRow:
    id: int
    status: str
    starts_at: datetime
    ends_at: datetime
    is_selected: bool
    """Its audience is complete. A mailing that was cancelled before is not."""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """`status` as it is read, not as it is stored: what is pending in a closed mailing has its final state."""

    id: int
    mailing_id: int
    client_id: int
    phone: int
    operator_code: str
    tag: str
    timezone: str
    status: str
    uncertain: bool
    attempts: int
    crashes: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    message_id: int
    number: int
    started_at: float
    duration_ms: int | None
    outcome: str
    http_status: int | None
    spent: bool = True


@dataclass(frozen=True, slots=True)
class CountRow:
    """A sum of counters, by the names of the statuses and `uncertain`; those that are 0 are left out."""

    mailing_id: int
    dimension: str
    value: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class EndingRow:
    """How many messages of a mailing are tallied as having come to one end for one reason, at any time."""

    mailing_id: int
    status: str
    reason: str
    messages: int


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """How many messages of a mailing came to one end in one bin of its life."""

    mailing_id: int
    status: str
    at: datetime
    messages: int


@dataclass(frozen=True, slots=True)
class SlotRow:
    mailing_id: int
    slot: int
    token: int | None


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service was told to keep to. Seconds."""

    lease: float
    timeout: float
    concurrency: int
    slots: int
    max_attempts: int

    @property
    def sending(self) -> float:
        """How long a pump sends without having heard from the database."""
        return self.lease - self.timeout - 1


@dataclass(frozen=True, slots=True)
class Books:
    """The database at the end, in one snapshot."""

    mailings: list[MailingRow]
    messages: list[MessageRow]
    attempts: list[AttemptRow]
    counts: list[CountRow]
    endings: list[EndingRow]
    histories: list[HistoryRow]
    slots: list[SlotRow]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was seen of a run."""

    limits: Limits
    idempotent: bool
    mailings: list[Created]
    books: Books
    requests: list[Request]
    accepted: list[Entry]
    events: list[Event]
    completed: set[int]
    moments: list[Moment]
    faults: list[PlayedFault]
    unplanned_ends: list[UnplannedEnd]
