"""The database's time, told between two statements without asking it."""

import time
from datetime import UTC, datetime, timedelta


class DatabaseClock:
    """Follows the database by this machine's monotonic clock, so that a step of the wall clock changes nothing.

    Never behind the database by more than the two clocks drift apart between two calls of `set`, and ahead of it
    by at most the time that the statement took: what may not happen after a moment never happens after it.
    """

    def __init__(self) -> None:
        self._database = datetime.min.replace(tzinfo=UTC)
        self._monotonic = 0.0

    def set(self, now: datetime, asked_at: float) -> None:
        """The database said `now` in answer to a statement that left at `asked_at` (`time.monotonic()`)."""
        self._database = now
        self._monotonic = asked_at

    def now(self) -> datetime:
        """The database's time, aware UTC. Only after `set`."""
        return self._database + timedelta(seconds=time.monotonic() - self._monotonic)
