"""All that makes a process watchable, from its start to its end."""

import asyncio
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress

from mailing.db.pool import pool_standing
from mailing.metrics.exposition import Exposition, Role, shared_folder
from mailing.metrics.heartbeat import Heartbeat, Look
from mailing.metrics.port import MetricsPort
from mailing.metrics.process import POOL_CONNECTIONS, POOL_MOST, POOL_WAITING
from mailing.metrics.service import ServiceFigures
from mailing.settings import Settings

_REFRESH_SECONDS = 3.0
"""Longer than the figures of the service ever take, where the event loop is not stuck."""


class Watched:
    """One per process, from `start` to `stop`, both on its event loop."""

    def __init__(self, settings: Settings, role: Role, *looks: Look, service: ServiceFigures | None = None) -> None:
        """`looks` set further gauges, once a second."""
        self._settings = settings
        self._service = service
        self._exposition = Exposition(role, [service] if service else [])
        self._heartbeat = Heartbeat((_look_at_pool, *looks))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._port: MetricsPort | None = None

    async def start(self) -> None:
        """Raises OSError where nothing can listen on MAILING_METRICS_PORT."""
        self._loop = asyncio.get_running_loop()
        self._heartbeat.start()
        port = self._settings.metrics_port
        if port is not None:
            self._port = MetricsPort(
                self._settings.metrics_host,
                port,
                self._page_for_thread,
                lambda: self._heartbeat.silent_seconds,
                shared=shared_folder() is not None,
            )

    async def stop(self) -> None:
        if self._port is not None:
            await asyncio.to_thread(self._port.close)
        await self._heartbeat.stop()
        self._exposition.close()

    async def page(self, accept: str) -> tuple[str, bytes]:
        """Content type and content."""
        if self._service is not None:
            await self._service.refresh()
        return self._exposition.page(accept)

    def _page_for_thread(self, accept: str) -> tuple[str, bytes]:
        if self._service is not None and self._loop is not None:
            with suppress(FutureTimeoutError, RuntimeError):  # It is stuck, or has just ended.
                asyncio.run_coroutine_threadsafe(self._service.refresh(), self._loop).result(_REFRESH_SECONDS)
        return self._exposition.page(accept)


def _look_at_pool() -> None:
    if (pool := pool_standing()) is not None:
        POOL_CONNECTIONS.labels("in_use").set(pool.in_use)
        POOL_CONNECTIONS.labels("idle").set(pool.idle)
        POOL_MOST.set(pool.most)
        POOL_WAITING.set(pool.waiting)
