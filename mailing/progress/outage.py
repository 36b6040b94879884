"""An outage is told once, however often it is met, and told again when it is over."""

import asyncio

import structlog

log = structlog.get_logger(__name__)


class Outage:
    """Logs `event` when something begins to fail, and `event` with `.over` when it works again."""

    def __init__(self, event: str) -> None:
        self._event = event
        self._lasts = False

    def met(self, error: BaseException) -> None:
        """It failed. Raises CancelledError where the task is being cancelled.

        A connection that is closed by a cancellation may fail at that: the failure takes the cancellation's place,
        and a loop that went on after it would never end.
        """
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from error
        if not self._lasts:
            log.warning(self._event, error=repr(error))
        self._lasts = True

    def over(self) -> None:
        """It worked."""
        if self._lasts:
            log.info(f"{self._event}.over")
        self._lasts = False
