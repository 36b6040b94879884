"""A lean client of live subscriptions: a thousand of them must take little of the machine that is measured."""

import asyncio
import base64
import os
import time
from array import array
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

import orjson

_UPDATED_AT = b'"updatedAt":"'
_NO_MASK = bytes(4)
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA


class States:
    """What all sockets together heard, and how old it was."""

    def __init__(self) -> None:
        self.behind_ms = array("f")
        """Of each state but a socket's first, on its receipt: since the database's moment for which it holds."""
        self.age_ms = array("f")
        """How old what a socket had was when the next state came to it, the first state left out again."""
        self._moments: dict[bytes, float] = {}

    def moment(self, text: bytes) -> float:
        """Thousands hear the same moment: it is read once."""
        if (moment := self._moments.get(text)) is None:
            self._moments.clear()
            moment = self._moments[text] = datetime.fromisoformat(text.decode()).timestamp()
        return moment


class SubscriberSocket(asyncio.Protocol):
    """One WebSocket with one subscription, whose states have an `updatedAt`."""

    def __init__(self, url: str, query: str, variables: dict[str, Any], states: States) -> None:
        self._url = urlsplit(url)
        self._subscribe = {"id": "1", "type": "subscribe", "payload": {"query": query, "variables": variables}}
        self._states = states
        self._buffer = bytearray()
        self._is_open = False
        self._holds_for = 0.0
        self.count = 0
        self.last = b""
        """The frame with the newest state."""
        self.last_at = 0.0
        self.is_complete = False
        self.trouble = ""
        """Anything that is neither a state nor the end."""

    @property
    def newest(self) -> dict[str, Any]:
        """The newest state, as it was asked for. Raises KeyError if the newest answer holds none."""
        state: dict[str, Any] = orjson.loads(self.last)["payload"]["data"]["mailingProgress"]
        return state

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET {self._url.path} HTTP/1.1\r\nHost: {self._url.netloc}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.is_complete:
            self.trouble = self.trouble or f"the connection was lost: {exc}"

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open:
            self._open()
        while self._is_open and (frame := self._next_frame()):
            self._take(*frame)

    def close(self) -> None:
        self._transport.close()

    def _open(self) -> None:
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        if b" 101 " not in head:
            self.trouble = head.decode("latin-1")
            self._transport.close()
            return
        self._is_open = True
        self._buffer = rest
        self._send(_TEXT, b'{"type":"connection_init"}')

    def _next_frame(self) -> tuple[int, bytes] | None:
        """Opcode and payload of a whole frame. A server's frames have no mask; states are shorter than 64 KiB."""
        buffer = self._buffer
        if len(buffer) < 4 and (len(buffer) < 2 or buffer[1] == 126):
            return None
        length, start = (int.from_bytes(buffer[2:4], "big"), 4) if buffer[1] == 126 else (buffer[1], 2)
        if len(buffer) < start + length:
            return None
        frame = buffer[0] & 0xF, bytes(buffer[start : start + length])
        del buffer[: start + length]
        return frame

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _PING:
            self._send(_PONG, payload)
        elif opcode == _CLOSE:
            self.trouble = self.trouble or f"closed by the server: {payload[2:].decode()}"
        elif b'"type":"next"' in payload and _UPDATED_AT in payload:
            self._note(payload)
        elif b'"type":"complete"' in payload:
            self.is_complete = True
        elif b'"type":"connection_ack"' in payload:
            self._send(_TEXT, orjson.dumps(self._subscribe))
        else:
            self.trouble = payload.decode()

    def _note(self, payload: bytes) -> None:
        now = time.time()
        start = payload.index(_UPDATED_AT) + len(_UPDATED_AT)
        holds_for = self._states.moment(payload[start : payload.index(b'"', start)])
        if self.count:  # What one finds may be of any age, and true all the same: nothing has happened since.
            self._states.behind_ms.append((now - holds_for) * 1000)
        if self.count > 1:
            self._states.age_ms.append((now - self._holds_for) * 1000)
        self._holds_for = holds_for
        self.count += 1
        self.last, self.last_at = payload, now

    def _send(self, opcode: int, payload: bytes) -> None:
        length = len(payload)
        size = bytes([0x80 | length]) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
        self._transport.write(bytes([0x80 | opcode]) + size + _NO_MASK + payload)


async def connect(url: str, make: Callable[[], SubscriberSocket]) -> SubscriberSocket:
    """A socket that has begun its handshake. Raises OSError."""
    place = urlsplit(url)
    _, socket = await asyncio.get_running_loop().create_connection(make, place.hostname or "", place.port or 80)
    return socket
