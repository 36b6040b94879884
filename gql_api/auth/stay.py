"""Ends what lasts when the pass of who has come expires or is withdrawn: sockets, and answers that are streams."""

import asyncio
import math
from contextlib import closing
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gql_api.auth.refusals import UnauthenticatedError
from gql_api.auth.visit import Visit
from gql_api.auth.watch import Watch
from mailing.metrics.graphql import REFUSALS

_STREAMS: Final = (b"text/event-stream", b"multipart/")

log = structlog.get_logger(__name__)


async def serve_request(app: ASGIApp, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer. A stream ends early, as if its connection were lost, when the pass ends; other answers do not."""
    if not visit.may_end:
        await app(scope, receive, send)
        return
    stay = asyncio.timeout(None)
    is_over = is_withdrawn = False

    def withdraw() -> None:
        nonlocal is_withdrawn
        is_withdrawn = True
        _end_now(stay)

    watch = Watch(visit, withdraw)

    async def send_on(message: Message) -> None:
        nonlocal is_over
        if message["type"] == "http.response.start" and _is_stream(message):
            stay.reschedule(_moment_in(visit.remaining_seconds()))
            watch.begin()
        is_over = message["type"] == "http.response.body" and not message.get("more_body", False)
        await send(message)

    try:
        async with stay:
            with closing(watch):
                await app(scope, receive, send_on)
    except TimeoutError:
        if not stay.expired():
            raise
        log.info("auth.stream_ended", how="been withdrawn" if is_withdrawn else "expired")
        if not is_over:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def serve_socket(app: ASGIApp, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve until either side ends it or the pass ends: the application then sees a disconnect, ends all that it
    does for the socket, and the peer gets 4403. A socket that is refused is closed with what the refusal says."""
    stay = _Stay(visit, receive, send)
    with closing(Watch(visit, stay.withdraw)) as watch:
        watch.begin()
        await app(scope, stay.receive, stay.send)
    await stay.end()


class _Stay:
    def __init__(self, visit: Visit, receive: Receive, send: Send) -> None:
        self._visit = visit
        self._receive = receive
        self._send = send
        self._waiting: asyncio.Timeout | None = None
        self._is_withdrawn = False
        self._is_over = False

    async def receive(self) -> Message:
        while (remaining := self._remaining_seconds()) > 0:
            try:
                async with asyncio.timeout_at(_moment_in(remaining)) as self._waiting:
                    return await self._receive()
            except TimeoutError:
                pass
            finally:
                self._waiting = None
        self._is_over = True
        return {"type": "websocket.disconnect", "code": UnauthenticatedError.close_code}

    def withdraw(self) -> None:
        """End it now."""
        self._is_withdrawn = True
        if self._waiting is not None:
            _end_now(self._waiting)

    def _remaining_seconds(self) -> float:
        return 0 if self._is_withdrawn else self._visit.remaining_seconds()

    async def send(self, message: Message) -> None:
        refusal = self._visit.refusal
        if message["type"] == "websocket.close" and refusal is not None:
            REFUSALS.labels(refusal.code).inc()
            log.info("auth.refused", code=refusal.code, reason=refusal.message)
            message = {**message, "code": refusal.close_code, "reason": refusal.message}
        await self._send(message)

    async def end(self) -> None:
        if self._is_over:
            how = "been withdrawn" if self._is_withdrawn else "expired"
            log.info("auth.socket_ended", how=how)
            reason = f"The authorization has {how}"
            await self._send({"type": "websocket.close", "code": UnauthenticatedError.close_code, "reason": reason})


def _moment_in(seconds: float) -> float | None:
    """By the event loop's clock; None is never, and costs no timer. Event loops can wait for years."""
    return None if seconds == math.inf else asyncio.get_running_loop().time() + seconds


def _end_now(block: asyncio.Timeout) -> None:
    if not block.expired():
        block.reschedule(asyncio.get_running_loop().time())


def _is_stream(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.lower().startswith(_STREAMS) for name, value in start["headers"]
    )
