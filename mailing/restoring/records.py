"""What a restored database holds that is not safe to go on with as it is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NextId:
    """Of one kind of row: the last id that this database has given, and the first that it may give from now on."""

    table: str
    last: int
    next: int


@dataclass(frozen=True, slots=True)
class Restored:
    """Everything as it stands in the database, before anything is done about it."""

    newest_at: datetime
    """The newest change in it, as far as is known: what came later is not there."""
    running: int
    """Mailings that would send as soon as there is a worker."""
    overdue: int
    """Mailings that are SCHEDULED though their start has passed: they may have started since the backup."""
    unselected: int
    """Mailings that run or are paused, and whose clients had not all been chosen."""
    later: int
    """Mailings that are SCHEDULED for a time to come."""
    waiting: int
    """Messages that are neither sent nor over, and not yet taken for uncertain; none of clients still to be chosen."""
    sessions: int
    """People who are signed in with a browser by this database."""
    tokens: int
    """Access tokens that are good by this database."""
    next_ids: tuple[NextId, ...]


@dataclass(frozen=True, slots=True)
class Secured:
    """What was done."""

    paused: int
    """Mailings, those that had to be started for it included."""
    uncertain: int
    """Messages."""
    signed_out: int
    next_ids: tuple[NextId, ...]
