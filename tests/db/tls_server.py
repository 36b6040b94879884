"""A PostgreSQL that is reached by TLS: a server before the real one that speaks it, as PostgreSQL does.

The server of the wheels is built without. A client asks whether it may speak TLS before it says anything else (the
PostgreSQL documentation, "SSL Session Encryption"); what follows is its usual protocol.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")


@dataclass(slots=True)
class TlsServer:
    """`behind`: the socket of the real one. `tls`: None for a server that speaks none."""

    behind: str
    tls: ssl.SSLContext | None
    port: int = 0
    versions: list[str | None] = field(default_factory=list)
    """Of TLS, for each connection that came through; None for one without."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(8)
        if first == _SSL_REQUEST:
            writer.write(b"S" if self.tls else b"N")
            await writer.drain()
            if self.tls:
                await writer.start_tls(self.tls)
            first = await reader.readexactly(8)
        protection = writer.get_extra_info("ssl_object")
        self.versions.append(protection.version() if protection else None)
        real_reader, real_writer = await asyncio.open_unix_connection(self.behind)
        real_writer.write(first)
        await asyncio.gather(_carry(reader, real_writer), _carry(real_reader, writer))


@asynccontextmanager
async def tls_server(behind: str, tls: ssl.SSLContext | None) -> AsyncIterator[TlsServer]:
    """One for the length of a block, on 127.0.0.1."""
    server = TlsServer(behind, tls)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await server.serve(reader, writer)
        except (OSError, EOFError, ssl.SSLError):
            pass  # The client has left, or did not like the certificate.
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
