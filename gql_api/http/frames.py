"""What comes and goes on a WebSocket: text frames, each a JSON object of the protocol graphql-transport-ws.

The protocol: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from collections.abc import AsyncGenerator, Mapping
from typing import TypeGuard

import orjson
from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected

_BAD_REQUEST = 4400


class Frames(ASGIWebSocketAdapter):
    """Closes with 4400 on a frame that the protocol does not know, where Strawberry would break the socket.

    Sends text frames, since Strawberry sends whatever is encoded to bytes as binary ones, which the protocol
    does not know.
    """

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        async for message in super().iter_json(ignore_parsing_errors=ignore_parsing_errors):
            if not _is_message(message):
                await self.close(_BAD_REQUEST, "Not a message of graphql-transport-ws")
                return
            yield _without_null_payload(message)

    async def send_json(self, message: Mapping[str, object]) -> None:
        await self.send_text(encoded(message).decode())

    async def send_text(self, frame: str) -> None:
        """Wait while the peer takes nothing. Raises WebSocketDisconnected."""
        if self.ws.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnected  # It was closed while something was computed for it.
        try:
            await self.ws.send_text(frame)
        except WebSocketDisconnect as e:
            raise WebSocketDisconnected from e

    async def close(self, code: int, reason: str) -> None:
        """Does nothing on a socket that is closed: two of its tasks may find a reason at the same moment."""
        if self.ws.application_state is WebSocketState.CONNECTED:
            await super().close(code, reason)


def encoded(data: object) -> bytes:
    """JSON in UTF-8."""
    return orjson.dumps(data)


def _is_message(message: object) -> TypeGuard[dict[str, object]]:
    if not isinstance(message, dict):
        return False
    match message.get("type"):
        case "connection_init" | "ping" | "pong":
            return isinstance(message.get("payload"), dict | None)
        case "subscribe":
            return _is_id(message.get("id")) and _is_request(message.get("payload"))
        case "complete":
            return _is_id(message.get("id"))
    return False


def _is_id(id: object) -> bool:
    return isinstance(id, str) and id != ""


def _is_request(payload: object) -> bool:
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
        and isinstance(payload.get("extensions"), dict | None)
    )


def _without_null_payload(message: dict[str, object]) -> dict[str, object]:
    """The protocol lets a payload be null; Strawberry knows only that it may be left out."""
    return {name: value for name, value in message.items() if name != "payload" or value is not None}
