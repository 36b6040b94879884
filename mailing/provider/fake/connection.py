"""One client's connection, as an asyncio protocol: a quarter of what an ASGI server costs."""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, cast

from mailing.provider.fake.behaviour import Behaviour
from mailing.provider.fake.reply import Reply, Silence, error_reply
from mailing.provider.fake.request import MOST_BODY_BYTES, NotHttpError, Request, RequestReader

SEND_PATH: Final = b"/v1/send/"
MOST_WAITING: Final = 100

_NO_LINGERING = struct.pack("ii", 1, 0)
_TOO_LARGE = error_reply(413, f"the body must be at most {MOST_BODY_BYTES} bytes")
_NOT_HTTP = error_reply(400, "this is not HTTP/1.1")
_ONLY_POST = error_reply(405, "only POST is allowed", "Allow: POST")

Admin = Callable[[Request], Awaitable[Reply]]


class Connection(asyncio.Protocol):
    """Answers a connection's requests one after the other, in their order, also when they come all at once.

    Sends are answered on the spot where the scenario has no latency; everything else goes to `admin`. It is in
    `open_connections` while it lives.
    """

    _transport: asyncio.Transport

    def __init__(self, behaviour: Behaviour, admin: Admin, open_connections: set["Connection"]) -> None:
        self._behaviour = behaviour
        self._admin = admin
        self._open_connections = open_connections
        self._reader = RequestReader(self._on_request)
        self._waiting: deque[Request | None] = deque()
        self._is_busy = False
        self._is_over = False
        self._timer: asyncio.TimerHandle | None = None
        self._admin_task: asyncio.Task[None] | None = None

    def abort(self) -> None:
        """End it as a server does that dies; but one whose admin request is being answered lives on."""
        if self._admin_task is None:
            self._reset()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have the methods of asyncio.Transport, but are no instances of it.
        self._transport = cast(asyncio.Transport, transport)
        self._open_connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_over = True
        self._open_connections.discard(self)
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        if self._is_over:
            return
        try:
            self._reader.feed(data)
        except NotHttpError:
            self._on_request(None)

    def _on_request(self, request: Request | None) -> None:
        """None stands for bytes that are no request."""
        if self._is_over:
            return
        if not self._is_busy:
            self._take(request)
            return
        self._waiting.append(request)
        if len(self._waiting) == MOST_WAITING:
            self._transport.pause_reading()

    def _take(self, request: Request | None) -> None:
        if request is None:
            self._answer(_NOT_HTTP, keep_alive=False)
        elif request.body is None:
            self._answer(_TOO_LARGE, request.keep_alive)
        elif not request.target.startswith(SEND_PATH):
            self._is_busy = True
            self._admin_task = asyncio.get_running_loop().create_task(self._take_admin(request))
        elif request.method != b"POST":
            self._answer(_ONLY_POST, request.keep_alive)
        else:
            self._take_send(request, request.body)

    def _take_send(self, request: Request, body: bytes) -> None:
        id_in_path = request.target[len(SEND_PATH) :]
        outcome, delay = self._behaviour.send(id_in_path, request.authorization, body)
        if delay:
            self._is_busy = True
            self._timer = asyncio.get_running_loop().call_later(delay, self._end_late, outcome, request.keep_alive)
        else:
            self._end_send(outcome, request.keep_alive)

    def _end_late(self, outcome: Reply | Silence, keep_alive: bool) -> None:
        self._is_busy = False
        self._end_send(outcome, keep_alive)
        self._take_waiting()

    def _end_send(self, outcome: Reply | Silence, keep_alive: bool) -> None:
        ledger = self._behaviour.ledger
        if isinstance(outcome, Reply):
            ledger.answered[outcome.status] += 1
            self._answer(outcome, keep_alive)
            return
        ledger.unanswered[outcome.why] += 1
        if not outcome.closes:
            self._is_busy = True  # For ever: nothing on this connection is answered any more.
            return
        self._is_over = True
        if outcome.resets:
            self._reset()
        else:
            self._transport.close()

    async def _take_admin(self, request: Request) -> None:
        reply = await self._admin(request)
        self._is_busy = False
        self._admin_task = None
        self._answer(reply, request.keep_alive)
        self._take_waiting()

    def _answer(self, reply: Reply, keep_alive: bool) -> None:
        if keep_alive:
            self._transport.write(reply.wire)
        else:
            self._is_over = True
            self._transport.write(reply.closing_wire)
            self._transport.close()

    def _reset(self) -> None:
        # Without lingering, closing a socket sends a reset instead of an orderly end.
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        self._transport.abort()

    def _take_waiting(self) -> None:
        while self._waiting and not self._is_busy and not self._is_over:
            self._take(self._waiting.popleft())
        if len(self._waiting) < MOST_WAITING and not self._is_over:
            self._transport.resume_reading()
