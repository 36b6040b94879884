"""The present moment on lines, as `mailing.moments` writes any."""

import time
from datetime import UTC, datetime


class Clock:
    """Writes the present moment; what is the same for all lines of a second is written once."""

    def __init__(self) -> None:
        self._written = (0, "")

    def now(self) -> str:
        seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
        of_second, text = self._written
        if of_second != seconds:
            text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
            self._written = (seconds, text)
        return f"{text}.{nanoseconds // 1000:06d}Z"
