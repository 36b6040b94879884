"""How long requests wait for nothing but the permits of one limit."""

import time

from mailing.metrics import channel


class Waits:
    """Of one bucket in this process. They are counted when they end, and by `note` while they last."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._since: float | None = None

    def are_for(self, permits: int) -> None:
        """From now on requests wait for so many permits; 0: nothing waits."""
        if permits > 0 and self._since is None:
            self._since = time.monotonic()
        elif permits <= 0 and self._since is not None:
            self.note()
            self._since = None

    def note(self) -> None:
        """Count what has been waited up to now."""
        if self._since is not None:
            now = time.monotonic()
            channel.waited(self._bucket, now - self._since)
            self._since = now
