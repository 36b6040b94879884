"""Peers that take nothing of what is sent to them."""

import asyncio
from typing import TYPE_CHECKING, Any

import structlog

STALLED_SECONDS = 10.0

log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    _Protocol = asyncio.Protocol
else:
    _Protocol = object


class DropsStalled(_Protocol):
    """For a protocol of uvicorn: drops a peer that took nothing for ten seconds while something waited for it.

    Uvicorn by itself would wait for ever, even for its own farewell to be read.
    """

    loop: asyncio.AbstractEventLoop
    transport: Any
    client: Any
    _unsent_bytes = 0
    _watch: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_progress()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_watching()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        super().connection_lost(exc)

    def _watch_progress(self) -> None:
        self._unsent_bytes = self.transport.get_write_buffer_size()
        self._watch = self.loop.call_later(STALLED_SECONDS, self._drop_if_stalled)

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _drop_if_stalled(self) -> None:
        if self.transport.get_write_buffer_size() < self._unsent_bytes:
            self._watch_progress()
            return
        log.info("connection.stalled", client=self.client, unsent_bytes=self._unsent_bytes)
        self.transport.abort()
