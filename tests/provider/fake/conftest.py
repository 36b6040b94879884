"""A client that writes the bytes it is told to: the fake provider is tested below any HTTP library."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest


class Wire:
    """One raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self) -> tuple[int, dict[str, str], Any]:
        """The next answer: status, headers by lower-case name, body (parsed if it is JSON)."""
        async with asyncio.timeout(5):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
            body = await self._reader.readexactly(int(headers["content-length"]))
        return int(head[0].split()[1]), headers, _parsed(body)

    async def rest(self) -> bytes:
        """What comes until the connection ends; ConnectionResetError if it ends with a reset."""
        async with asyncio.timeout(5):
            return await self._reader.read()

    async def call(self, method: str, target: str, body: bytes = b"", *headers: str) -> tuple[int, Any]:
        await self.write(http_request(method, target, body, *headers))
        status, _, content = await self.answer()
        return status, content

    async def close(self) -> None:
        self._writer.close()


Dial = Callable[[str], Awaitable[Wire]]


@pytest.fixture
async def dial() -> AsyncIterator[Dial]:
    """Opens raw connections to a URL's host and port; closes them."""
    async with AsyncExitStack() as stack:

        async def connect(url: str) -> Wire:
            address = urlsplit(url)
            wire = Wire(*await asyncio.open_connection(address.hostname, address.port))
            stack.push_async_callback(wire.close)
            return wire

        yield connect


def http_request(method: str, target: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: fake", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def send_request(message_id: int, *headers: str, text: str = "hello") -> bytes:
    body = orjson.dumps({"id": message_id, "phone": 79990000000 + message_id, "text": text})
    return http_request("POST", f"/v1/send/{message_id}", body, *headers)


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
