"""A small forward proxy: CONNECT for https, whole URLs for http, and a password if one is set."""

import asyncio
import base64
from urllib.parse import urlsplit


class OutboundProxy:
    """A handler for `raw_server`. It notes the head of each request that it was sent."""

    def __init__(self, *, user: str | None = None, password: str = "", refuses_with: bytes | None = None) -> None:
        self.heads: list[str] = []
        self._refuses_with = refuses_with
        self._authorization = None
        if user is not None:
            self._authorization = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        method, target, _ = head.split("\r\n")[0].split()
        if self._refuses_with is not None:
            writer.write(b"HTTP/1.1 " + self._refuses_with + b"\r\nContent-Length: 0\r\n\r\n")
        elif self._authorization is not None and f"\r\nProxy-Authorization: {self._authorization}\r\n" not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        elif method == "CONNECT":
            host, _, port = target.rpartition(":")
            await self._join(reader, writer, host, int(port), b"", b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            await self._forward(reader, writer, head, target)

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str, target: str
    ) -> None:
        url = urlsplit(target)
        lines = [line for line in head.split("\r\n") if not line.lower().startswith("proxy-")]
        lines[0] = lines[0].replace(target, url.path)
        await self._join(reader, writer, url.hostname or "", url.port or 80, "\r\n".join(lines).encode(), b"")

    async def _join(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        host: str,
        port: int,
        to_server: bytes,
        to_client: bytes,
    ) -> None:
        from_server, server = await asyncio.open_connection(host, port)
        server.write(to_server)
        writer.write(to_client)
        await asyncio.gather(_pump(reader, server), _pump(from_server, writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
    finally:
        sink.close()
