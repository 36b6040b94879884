"""What the fake provider does with a request: an HTTP answer, made in advance where it can be, or none."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer ready for the wire."""

    status: int
    wire: bytes

    @property
    def closing_wire(self) -> bytes:
        """The same, telling the client that the connection ends with it."""
        return self.wire.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer: the connection hangs, is closed in order, or is reset. `why` is its name in the ledger."""

    why: str
    closes: bool = True
    resets: bool = False


def json_reply(status: int, content: Any, *headers: str) -> Reply:
    return reply(status, orjson.dumps(content), "Content-Type: application/json", *headers)


def reply(status: int, body: bytes, *headers: str) -> Reply:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", f"Content-Length: {len(body)}", *headers, "", ""]
    return Reply(status, "\r\n".join(lines).encode("ascii") + body)


def error_reply(status: int, message: str, *headers: str) -> Reply:
    return json_reply(status, {"message": message}, *headers)
