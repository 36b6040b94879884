"""A timeout that is moved with every request, at next to no cost."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final

LEAST_WAIT_SECONDS: Final = 0.001


class Alarm:
    """Calls `ring` once when its moment has come.

    Moving it to a later moment, which is what nearly every request does, only takes a note: the timer that is running
    rings early, sees that and goes on waiting.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0

    def set(self, at: float) -> None:
        """Ring at this moment of the monotonic clock, and no longer at the one before."""
        self._at = at
        if self._timer is None or at < self._timer_at:
            self._wait()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        self.stop()
        # Loops round to their clock's resolution: without a least wait, one that rings too early would spin.
        wait = max(self._at - monotonic(), LEAST_WAIT_SECONDS)
        self._timer = asyncio.get_running_loop().call_later(wait, self._on_timer)
        self._timer_at = self._at

    def _on_timer(self) -> None:
        self._timer = None
        if monotonic() < self._at:
            self._wait()
        else:
            self._ring()
