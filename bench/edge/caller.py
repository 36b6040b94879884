"""A lean HTTP client: the server is what is measured, so asking must cost next to nothing."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import orjson

_LENGTH = b"content-length: "


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, asked again and again."""

    requests: int
    seconds: float
    answer: Any
    """The last one, decoded."""

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


async def keep_asking(url: str, question: Mapping[str, Any], *, connections: int, seconds: float) -> Asked:
    """POST it on so many connections at once, each as soon as it has its answer. RuntimeError if one is not 200."""
    place = urlsplit(url)
    body = orjson.dumps(question)
    request = (
        f"POST {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    began = time.monotonic()
    lines = [_Line(request, began + seconds) for _ in range(connections)]
    for line in lines:
        await asyncio.get_running_loop().create_connection(
            cast("Any", lambda line=line: line), place.hostname or "", place.port or 80
        )
    ends = await asyncio.gather(*(line.over for line in lines), return_exceptions=True)
    for error in filter(None, ends):
        raise error
    return Asked(sum(line.answers for line in lines), time.monotonic() - began, orjson.loads(lines[0].last))


class _Line(asyncio.Protocol):
    """One connection, with one request at a time on it."""

    def __init__(self, request: bytes, until: float) -> None:
        self._request = request
        self._until = until
        self._got = b""
        self.answers = 0
        self.last = b""
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, end, body = self._got.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        if b" 200 " not in head[:20]:
            self._end(RuntimeError(self._got.decode("utf-8", "replace")))
            return
        self._got, self.last = b"", body
        self.answers += 1
        if time.monotonic() < self._until:
            self._transport.write(self._request)
        else:
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(ConnectionError(f"the server hung up: {exc}"))

    def _end(self, error: Exception | None = None) -> None:
        if self.over.done():
            return
        if error is None:
            self.over.set_result(None)
        else:
            self.over.set_exception(error)
        self._transport.close()


def _length(head: bytes) -> int:
    start = head.lower().index(_LENGTH) + len(_LENGTH)
    return int(head[start:].partition(b"\r\n")[0])
