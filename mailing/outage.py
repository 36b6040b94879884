"""An outage is told once, however often it is met, once a minute while it lasts, and when it is over."""

import asyncio
import time
from collections.abc import Callable

import structlog

from mailing.metrics import process

log = structlog.get_logger(__name__)

TELL_AGAIN_SECONDS = 60.0


class Outage:
    """Logs `event` when something begins to fail, and `event` with `.over` when it works again.

    `clock` gives monotonic seconds.
    """

    def __init__(self, event: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._event = event
        self._clock = clock
        self._began_at: float | None = None
        self._told_at = 0.0
        self._met_at = float("-inf")

    def met(self, error: BaseException, **fields: object) -> None:
        """It failed; `fields` say where. Raises CancelledError where the task is being cancelled.

        A connection that is closed by a cancellation may fail at that: the failure takes the cancellation's place,
        and a loop that went on after it would never end.
        """
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from error
        self._met_at = now = self._clock()
        if self._began_at is None:
            self._began_at = self._told_at = now
            process.outage_began(self._event)
            log.warning(self._event, error=repr(error), **fields)
        elif now - self._told_at >= TELL_AGAIN_SECONDS:
            self._told_at = now
            log.warning(self._event, error=repr(error), lasting_seconds=round(now - self._began_at), **fields)

    def was_met_since(self, moment: float) -> bool:
        """Whether it failed at `moment` of the clock or later."""
        return self._met_at >= moment

    def over(self) -> None:
        """It worked."""
        if self._began_at is not None:
            process.outage_ended(self._event)
            log.info(f"{self._event}.over", lasted_seconds=round(self._clock() - self._began_at, 1))
        self._began_at = None
