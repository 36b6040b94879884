"""Answers out of bytes, however these are split or joined on their way."""

from typing import Final

import httptools

from mailing.provider.answers import Failure
from mailing.provider.exchange import MOST_BODY_BYTES, Reply

MOST_HEAD_BYTES: Final = 32 * 1024
"""Of all that comes before the body, interim answers included."""
MOST_ANSWER_BYTES: Final = 4 * MOST_BODY_BYTES
"""Of all, with what chunks and trailers add to the body."""

_SWITCHING_PROTOCOLS = 101


class UnreadableError(Exception):
    """Raised when the bytes are no HTTP/1.1 answer, or too many: nothing more can be read on this connection."""


class ResponseReader:
    """Reads one connection's answers, one at a time; `begin` before each.

    llhttp refuses what could be read in two ways: a length given twice, or beside chunks; lines that end without CR.
    """

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.begin()

    def begin(self) -> None:
        self.is_whole = False
        self.may_another_follow = False
        """Whether the connection is good for one more answer; to be asked when this one is whole."""
        self._status: int | None = None
        self._retry_after: bytes | None = None
        self._tells_its_end = False
        self._body = bytearray()
        self._received = 0

    def feed(self, data: bytes) -> None:
        """Read on. Raises UnreadableError, unless it is behind a whole answer, which stands."""
        head_left = MOST_HEAD_BYTES - self._received
        self._received += len(data)
        if self._status is None and len(data) > head_left:
            self._feed_end_of_head(data[:head_left])
            data = data[head_left:]
        self._feed_parser(data)
        if len(self._body) > MOST_BODY_BYTES or (self._received > MOST_ANSWER_BYTES and not self.is_whole):
            raise UnreadableError(f"more than {MOST_BODY_BYTES} bytes of body")

    def end(self) -> None:
        """Nothing more will come. An answer that does not tell its end is whole with that of its connection."""
        self.is_whole = self.is_whole or (self._status is not None and not self._tells_its_end)

    def reply(self, cut: Failure | None = None) -> Reply | None:
        """What has been read, if that is at least a whole head."""
        if self._status is None:
            return None
        headers = {} if self._retry_after is None else {"Retry-After": self._retry_after.decode("latin-1")}
        return Reply(self._status, headers, bytes(self._body), cut)

    def _feed_end_of_head(self, data: bytes) -> None:
        self._feed_parser(data)
        if self._status is None:
            raise UnreadableError(f"more than {MOST_HEAD_BYTES} bytes before the body")

    def _feed_parser(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as e:
            self.may_another_follow = False
            if isinstance(e, httptools.HttpParserCallbackError) and not isinstance(e.__context__, UnreadableError):
                raise  # A fault of ours, not of the server.
            if not self.is_whole:
                raise UnreadableError(str(e.__context__ or e)) from e

    # The parser calls these; their names are its own.

    def on_message_begin(self) -> None:
        if self.is_whole:
            raise UnreadableError("two answers to one request")  # Ends the parser's work.

    def on_header(self, name: bytes, value: bytes) -> None:
        match len(name):
            case 11 if self._retry_after is None and name.lower() == b"retry-after":
                self._retry_after = value
            case 14 if name.lower() == b"content-length":
                self._tells_its_end = True
            case 17 if name.lower() == b"transfer-encoding":
                self._tells_its_end = b"chunked" in value.lower()

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 100:
            raise UnreadableError(f"status {status}")
        if status < 200 and status != _SWITCHING_PROTOCOLS:
            self._retry_after, self._tells_its_end = None, False
        else:
            self._status = status

    def on_body(self, piece: bytes) -> None:
        if len(self._body) <= MOST_BODY_BYTES:
            self._body += piece

    def on_message_complete(self) -> None:
        if self._status is not None:  # Otherwise it was an interim answer.
            self.is_whole = True
            self.may_another_follow = self._status != _SWITCHING_PROTOCOLS and self._parser.should_keep_alive()
