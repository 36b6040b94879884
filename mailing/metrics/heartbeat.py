"""Looks once a second what a process holds, and how late its event loop is."""

import asyncio
import time
from collections.abc import Callable
from contextvars import Context
from typing import NoReturn

from mailing.cancellation import end
from mailing.metrics.process import LOOP_LAG_SECONDS

BEAT_SECONDS = 1.0

Look = Callable[[], None]
"""Sets gauges. Never waits."""


class Heartbeat:
    """Beats on the event loop on which it was started. That it still does is what /healthz tells.

    Gauges are set by it instead of being read when somebody asks, so that several processes may share a folder.
    """

    def __init__(self, looks: tuple[Look, ...]) -> None:
        self._looks = looks
        self._beat_at = time.monotonic()
        self._task: asyncio.Task[None] | None = None

    @property
    def silent_seconds(self) -> float:
        """Since the last beat."""
        return time.monotonic() - self._beat_at

    def start(self) -> None:
        self._look()
        self._task = asyncio.get_running_loop().create_task(self._run(), context=Context())

    async def stop(self) -> None:
        if self._task is not None:
            await end(self._task)

    async def _run(self) -> NoReturn:
        while True:
            asked_at = time.monotonic()
            await asyncio.sleep(BEAT_SECONDS)
            LOOP_LAG_SECONDS.observe(max(0, time.monotonic() - asked_at - BEAT_SECONDS))
            self._look()

    def _look(self) -> None:
        self._beat_at = time.monotonic()
        for look in self._looks:
            look()
