"""A caller of the API."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import websockets
from websockets.asyncio.client import ClientConnection

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Api:
    """Talks GraphQL over HTTP and graphql-transport-ws."""

    http: aiohttp.ClientSession
    address: str

    async def post(self, query: str, **variables: object) -> Json:
        """The whole answer."""
        body = {"query": query, "variables": variables}
        async with self.http.post(f"http://{self.address}/graphql", json=body) as response:
            assert response.status == 200, await response.text()
            answer: Json = await response.json()
            return answer

    async def ask(self, query: str, **variables: object) -> Json:
        """The data of an answer without errors."""
        answer = await self.post(query, **variables)
        assert "errors" not in answer, answer
        data: Json = answer["data"]
        return data

    async def errors(self, query: str, **variables: object) -> list[Json]:
        """The errors of an answer: message and extensions."""
        answer = await self.post(query, **variables)
        return [{"message": e["message"], "extensions": e["extensions"]} for e in answer["errors"]]

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A connection on which nothing was said yet: what is read and what is written."""
        host, port = self.address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    @asynccontextmanager
    async def socket(self) -> AsyncIterator["Socket"]:
        """An acknowledged WebSocket."""
        async with self.silent_socket() as socket:
            await socket.send(type="connection_init")
            assert await socket.receive() == {"type": "connection_ack"}
            yield socket

    @asynccontextmanager
    async def silent_socket(
        self, protocol: str = "graphql-transport-ws", headers: Mapping[str, str] | None = None, **options: Any
    ) -> AsyncIterator["Socket"]:
        """A WebSocket that has said nothing yet; `options` of websockets.connect."""
        async with websockets.connect(
            f"ws://{self.address}/graphql",
            subprotocols=[websockets.Subprotocol(protocol)],
            additional_headers=dict(headers or {}),
            **options,
        ) as connection:
            yield Socket(connection)


@dataclass(frozen=True, slots=True)
class Socket:
    """Frames of graphql-transport-ws."""

    connection: ClientConnection

    async def send(self, **message: object) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self) -> Json:
        frame = await self.connection.recv()
        assert isinstance(frame, str), "the protocol has text frames only"
        message: Json = json.loads(frame)
        return message

    async def subscribe(self, id: str, query: str, /, **variables: object) -> None:
        await self.send(id=id, type="subscribe", payload={"query": query, "variables": variables})
