"""The server's end of an HTTP connection, for uvicorn."""

import asyncio
from typing import Final

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from gql_api.http.stalled import DropsStalled

MOST_HEAD_BYTES: Final = 32_768
"""Of a request's URL and headers, which are read before it is known who asks."""

REQUEST_SECONDS = 35.0
"""In which a request must have come, body included. A little more than a body has by itself: its sender is told."""

log = structlog.get_logger(__name__)


class HttpProtocol(DropsStalled, HttpToolsProtocol):
    """Neither waits for a request for ever nor reads an endless one; uvicorn by itself does both.

    And it does not wait for subscriptions when the process stops: they have no end of their own. The connection breaks
    off, which tells the client to come again; a proper end would say that all has been told.
    """

    _is_in_head = False
    _goes_on = False
    """It is in the same head as before the last data."""
    _head_bytes = 0
    """Of the parts that the parser has told of."""
    _untold_bytes = 0
    """Of data that was all within one head: the parser keeps a header to itself until it is complete."""
    _is_whole = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's is the same
        super().connection_made(transport)
        self._expect_the_rest()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._goes_on = self._is_in_head
        self._is_whole = False
        super().data_received(data)
        if self._goes_on:
            self._untold_bytes += len(data)
            if self._untold_bytes > MOST_HEAD_BYTES:
                self._refuse_head()
        if not self._is_whole:
            self._expect_the_rest()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head = True
        self._goes_on = self._is_whole = False
        self._head_bytes = self._untold_bytes = 0

    def on_url(self, url: bytes) -> None:
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(name)
        self._count(value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._is_in_head = self._goes_on = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_whole = True
        self._expect_nothing()

    def handle_websocket_upgrade(self) -> None:
        self._is_whole = True
        self._expect_nothing()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        if self._head_bytes > MOST_HEAD_BYTES:
            self._refuse_head()
        else:
            super().send_400_response(msg)

    def shutdown(self) -> None:
        super().shutdown()
        cycle = self.cycle
        if cycle is not None and cycle.chunked_encoding and not cycle.response_complete:
            self.transport.abort()

    def _count(self, part: bytes) -> None:
        """Raises _HeadTooLargeError, on which uvicorn calls send_400_response."""
        self._head_bytes += len(part)
        if self._head_bytes > MOST_HEAD_BYTES:
            raise _HeadTooLargeError

    def _refuse_head(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(STATUS_LINE[431] + b"content-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()

    def _expect_the_rest(self) -> None:
        if self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(REQUEST_SECONDS, self._give_up)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        # No more than that: browsers open connections that they then do not use.
        log.debug("connection.request_too_slow", client=self.client, seconds=REQUEST_SECONDS)
        self.transport.abort()


class _HeadTooLargeError(Exception):
    """Raised when a request's URL and headers are longer than MOST_HEAD_BYTES."""
