from typing import Any, cast

import pytest
from starlette.types import Message
from starlette.websockets import WebSocket
from strawberry.http.exceptions import WebSocketDisconnected

from gql_api.http.frames import Frames


async def test_a_socket_is_closed_once_and_then_takes_nothing_more() -> None:
    # Given a socket that two tasks find a reason to close
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    socket = WebSocket({"type": "websocket"}, receive, send)
    await socket.accept()
    frames = Frames(cast(Any, None), socket, socket)
    # When both do, and a third has something to say
    await frames.close(4408, "late")
    await frames.close(4400, "wrong")
    with pytest.raises(WebSocketDisconnected):
        await frames.send_text("{}")
    # Then only the first is heard
    assert [(message["type"], message.get("code")) for message in sent] == [
        ("websocket.accept", None),
        ("websocket.close", 4408),
    ]
