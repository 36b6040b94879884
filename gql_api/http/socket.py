"""The server's end of a WebSocket, for uvicorn: what happens when the peer does not read."""

import asyncio
import socket
from typing import Any, Final, cast

import structlog
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MOST_UNSENT_BYTES = 16_384
STALLED_SECONDS = 10.0

log = structlog.get_logger(__name__)


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Waits for a peer that does not read, and drops it after ten seconds in which it took nothing.

    Nothing is written while anything of before is unsent, and the kernel is not asked to hold it either: what a slow
    peer reads next is new, and a thousand of them cost next to no memory. Uvicorn by itself would keep 64 KiB of
    each and the kernel megabytes, and would wait for ever, even for its own farewell to be read.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._unsent_bytes = 0
        self._watch: asyncio.TimerHandle | None = None
        cast(asyncio.Transport, transport).set_write_buffer_limits(high=0)
        connection = transport.get_extra_info("socket")
        if connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MOST_UNSENT_BYTES)

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
        log.info("websocket.stalled", client=self.client, unsent_bytes=self._unsent_bytes)
        self.transport.abort()


SERVER_OPTIONS: Final[dict[str, Any]] = {
    "ws": WebSocketProtocol,
    "ws_per_message_deflate": False,  # States are short: it would cost more time and memory than it saves.
}
"""Of uvicorn, wherever the API is served."""
