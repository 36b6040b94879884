"""How long one limit holds requests back."""

import time

from mailing.metrics import channel


class Waits:
    """Of one bucket in this process: from the first time that it got fewer permits than requests wanted, to the first
    time that it got enough, or nothing wanted any. They are counted at their end, and by `note` while they last.

    That a permit has to be fetched, and comes some milliseconds early, is no wait: so it is far below the limit, too.
    """

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._since: float | None = None

    def begin(self) -> None:
        if self._since is None:
            self._since = time.monotonic()

    def end(self) -> None:
        self.note()
        self._since = None

    def note(self) -> None:
        """Count what has been waited up to now."""
        if self._since is not None:
            now = time.monotonic()
            channel.waited(self._bucket, now - self._since)
            self._since = now
