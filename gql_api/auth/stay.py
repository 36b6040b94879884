"""Ends what lasts when the pass of who has come expires: sockets, and answers that are streams."""

import asyncio
import math
from contextlib import suppress
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gql_api.auth.refusals import UnauthenticatedError
from gql_api.auth.visit import Visit

LONGEST_WAIT_SECONDS = 86_400.0
"""Timers of an event loop need not be able to wait for years."""

_STREAMS: Final = (b"text/event-stream", b"multipart/")

log = structlog.get_logger(__name__)


async def serve_request(app: ASGIApp, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer. A stream ends early, as if its connection were lost, when the pass expires; other answers do not."""
    if visit.remaining_seconds() == math.inf:
        await app(scope, receive, send)
        return
    stay = asyncio.timeout(None)
    is_over = False

    async def send_on(message: Message) -> None:
        nonlocal is_over
        if message["type"] == "http.response.start" and _is_stream(message):
            stay.reschedule(asyncio.get_running_loop().time() + min(visit.remaining_seconds(), LONGEST_WAIT_SECONDS))
        is_over = message["type"] == "http.response.body" and not message.get("more_body", False)
        await send(message)

    try:
        async with stay:
            await app(scope, receive, send_on)
    except TimeoutError:
        if not stay.expired():
            raise
        log.info("auth.stream_expired")
        if not is_over:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def serve_socket(app: ASGIApp, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve until either side ends it or the pass expires: the application then sees a disconnect, ends all that it
    does for the socket, and the peer gets 4403. A socket that is refused is closed with what the refusal says."""
    stay = _Stay(visit, receive, send)
    await app(scope, stay.receive, stay.send)
    await stay.end()


class _Stay:
    def __init__(self, visit: Visit, receive: Receive, send: Send) -> None:
        self._visit = visit
        self._receive = receive
        self._send = send
        self._is_expired = False

    async def receive(self) -> Message:
        while (remaining := self._visit.remaining_seconds()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(remaining, LONGEST_WAIT_SECONDS)):
                    return await self._receive()
        self._is_expired = True
        return {"type": "websocket.disconnect", "code": UnauthenticatedError.close_code}

    async def send(self, message: Message) -> None:
        refusal = self._visit.refusal
        if message["type"] == "websocket.close" and refusal is not None:
            log.info("auth.refused", code=refusal.code, reason=refusal.message)
            message = {**message, "code": refusal.close_code, "reason": refusal.message}
        await self._send(message)

    async def end(self) -> None:
        if self._is_expired:
            log.info("auth.socket_expired")
            reason = "The authorization has expired"
            await self._send({"type": "websocket.close", "code": UnauthenticatedError.close_code, "reason": reason})


def _is_stream(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.lower().startswith(_STREAMS) for name, value in start["headers"]
    )
