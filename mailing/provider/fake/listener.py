"""A port that can stop listening and listen again."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

BACKLOG: Final = 1024
REBIND_TRIES: Final = 100


class Listener:
    """Keeps its port from the first moment on, whether it listens or not.

    A socket that is bound but does not listen keeps the port from others, and the kernel refuses whoever connects.
    Raises OSError if the port cannot be had.
    """

    def __init__(self, factory: Callable[[], asyncio.Protocol], host: str, port: int) -> None:
        self._factory = factory
        self._host = host
        self._socket = _bound_socket(host, port)
        self._port: int = self._socket.getsockname()[1]
        self._server: asyncio.Server | None = None

    @property
    def origin(self) -> str:
        """http://host:port, as a client on this machine reaches it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)
        return f"http://[{host}]:{self._port}" if ":" in host else f"http://{host}:{self._port}"

    async def open(self) -> None:
        if self._server is None:
            # The loop owns the socket that it is given and closes it.
            self._server = await asyncio.get_running_loop().create_server(
                self._factory, sock=self._socket, backlog=BACKLOG
            )

    async def refuse(self) -> None:
        """Stop listening, keep the port. Connections that are open stay open."""
        if self._server is not None:
            await self._stop(self._server)
            self._socket = await self._rebound_socket()

    async def close(self) -> None:
        """Give the port back."""
        if self._server is not None:
            await self._stop(self._server)
        else:
            self._socket.close()

    async def _stop(self, server: asyncio.Server) -> None:
        server.close()
        self._server = None
        # uvloop closes the socket in its next round.
        await asyncio.sleep(0)

    async def _rebound_socket(self) -> socket.socket:
        """The port again, as soon as the old socket is really closed. Nobody else gets it within that moment."""
        for _ in range(REBIND_TRIES):
            try:
                return _bound_socket(self._host, self._port)
            except OSError:
                await asyncio.sleep(0.01)
        return _bound_socket(self._host, self._port)


def _bound_socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Connections of the listener before this one must not keep the port from us.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except BaseException:
        bound.close()
        raise
    bound.setblocking(False)
    return bound
