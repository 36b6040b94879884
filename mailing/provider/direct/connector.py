"""Connections to one place: its addresses, the quickest of them, and TLS."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

import aiohappyeyeballs
from aiohappyeyeballs import AddrInfoType
from yarl import URL

from mailing.provider.answers import Failure
from mailing.provider.direct.connection import Connection
from mailing.provider.exchange import ExchangeError, described, tls_context

RESOLVE_AGAIN_SECONDS: Final = 10.0
NEXT_ADDRESS_SECONDS: Final = 0.25
"""How long one address is tried before the next one is tried beside it (RFC 8305, section 5)."""


class Connector:
    """Opens connections to the host and port of a URL. Sets no limit of time: who calls does."""

    def __init__(self, url: URL) -> None:
        # A dot at the end says that a name is complete; no certificate holds it.
        self._host = (url.raw_host or "").rstrip(".")
        self._port = url.port
        self._tls = tls_context() if url.scheme == "https" else None
        self._addresses: Sequence[AddrInfoType] = []
        self._resolve_at = 0.0
        self._resolving: asyncio.Task[None] | None = None

    async def connect(self, factory: Callable[[], Connection]) -> Connection:
        """Raises ExchangeError with one of the failures that say that nothing has left."""
        connected = await self._connected_socket(await self._resolved())
        try:
            transport, connection = await asyncio.get_running_loop().create_connection(
                factory, sock=connected, ssl=self._tls, server_hostname=self._host if self._tls else None
            )
        except ssl.SSLError as e:
            raise ExchangeError(Failure.TLS_FAILED, described(e)) from e
        except (OSError, RuntimeError) as e:  # uvloop raises either.
            raise ExchangeError(Failure.CONNECT_FAILED, described(e)) from e
        if transport.is_closing():
            _let_go_of(connected, transport)
        return connection

    def close(self) -> None:
        """Look no name up any more."""
        if self._resolving is not None:
            self._resolving.cancel()

    async def _resolved(self) -> Sequence[AddrInfoType]:
        if monotonic() >= self._resolve_at:
            # One asks, and wakes all others at once: with a lock, a busy loop would wake one in each of its rounds.
            if self._resolving is None or self._resolving.done():
                self._resolving = asyncio.create_task(self._resolve())
            await asyncio.shield(self._resolving)
        return self._addresses

    async def _resolve(self) -> None:
        try:
            self._addresses = await asyncio.get_running_loop().getaddrinfo(
                self._host, self._port, type=socket.SOCK_STREAM
            )
        except (socket.gaierror, UnicodeError) as e:
            raise ExchangeError(Failure.NAME_NOT_FOUND, described(e)) from e
        self._resolve_at = monotonic() + RESOLVE_AGAIN_SECONDS

    async def _connected_socket(self, addresses: Sequence[AddrInfoType]) -> socket.socket:
        try:
            return await aiohappyeyeballs.start_connection(addresses, happy_eyeballs_delay=NEXT_ADDRESS_SECONDS)
        except ConnectionRefusedError as e:
            raise ExchangeError(Failure.CONNECTION_REFUSED, described(e)) from e
        except TimeoutError as e:  # The kernel's, which gave up before us.
            raise ExchangeError(Failure.CONNECT_TIMEOUT, described(e)) from e
        except (OSError, RuntimeError) as e:  # uvloop raises either.
            raise ExchangeError(Failure.CONNECT_FAILED, described(e)) from e


def _let_go_of(connected: socket.socket, transport: object) -> None:
    """Keep the socket of a transport that is closed before it was ours from being closed twice.

    uvloop closes the descriptor without telling the socket object, which would close it again when it is collected:
    by then the number may be another connection's. asyncio's own transports close the object, and need it for that.
    """
    if not isinstance(transport, asyncio.BaseTransport):  # uvloop's are not.
        connected.detach()
