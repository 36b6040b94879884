"""Requests out of bytes, however these are split or joined on their way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httptools

MOST_BODY_BYTES: Final = 1024 * 1024


@dataclass(slots=True)
class Request:
    """One whole request. `body` is None if it was longer than MOST_BODY_BYTES."""

    method: bytes
    target: bytes
    authorization: bytes | None
    body: bytes | None
    keep_alive: bool


class NotHttpError(Exception):
    """Raised when the bytes are no HTTP/1.1 request, or ask to go on in another protocol: nothing more can be read."""


class RequestReader:
    """Feeds a parser and hands each whole request to `on_request`. One reader reads one connection."""

    def __init__(self, on_request: Callable[[Request], None]) -> None:
        self._on_request = on_request
        self._parser = httptools.HttpRequestParser(self)
        self.on_message_begin()

    def feed(self, data: bytes) -> None:
        """Read on. Raises NotHttpError, after it has handed over the requests before the trouble."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError:
            raise  # A fault of ours, not of the client.
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as e:
            raise NotHttpError(str(e)) from e

    # The parser calls these; their names are its own.

    def on_message_begin(self) -> None:
        self._target = b""
        self._body: bytes | None = b""
        self._authorization: bytes | None = None

    def on_url(self, piece: bytes) -> None:
        self._target += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(name) == 13 and name.lower() == b"authorization":
            self._authorization = value

    def on_body(self, piece: bytes) -> None:
        # What is too long is read to its end, so that the client gets its answer, but not kept.
        if self._body is not None:
            self._body = self._body + piece if len(self._body) + len(piece) <= MOST_BODY_BYTES else None

    def on_message_complete(self) -> None:
        parser = self._parser
        self._on_request(
            Request(parser.get_method(), self._target, self._authorization, self._body, parser.should_keep_alive())
        )
