"""Ending a measurement that is told to stop, so that it leaves nothing behind."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

T = TypeVar("T")


class StopSignal:
    """SIGTERM from now on cancels what `run` runs, and then ends the process with the status that shells expect.

    It never raises into whatever happens to run when the signal comes: Python swallows an exception in a finalizer
    ("Exception ignored in …"), and the measurement would go on. For the main thread only.
    """

    def __init__(self) -> None:
        self._came = False
        self._task: asyncio.Task[Any] | None = None
        signal.signal(signal.SIGTERM, lambda *_: self._heed())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns. Once only.

        Raises:
            SystemExit: the signal came, before or meanwhile.
        """
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            try:
                return runner.run(self._until_told_to_stop(work))
            except asyncio.CancelledError:
                sys.exit(128 + signal.SIGTERM)

    async def _until_told_to_stop(self, work: Coroutine[Any, Any, T]) -> T:
        self._task = task = asyncio.create_task(work)
        if self._came:
            task.cancel()
        return await task

    def _heed(self) -> None:
        self._came = True
        if self._task is not None:
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
