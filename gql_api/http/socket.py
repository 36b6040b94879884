"""The server's end of a WebSocket, for uvicorn, and how the API is served in all."""

import asyncio
import socket
from typing import Any, Final, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from gql_api.http.asking import MOST_REQUEST_BYTES
from gql_api.http.connection import HttpProtocol
from gql_api.http.stalled import DropsStalled

MOST_UNSENT_BYTES = 16_384


class WebSocketProtocol(DropsStalled, WebSocketsSansIOProtocol):
    """Waits for a peer that does not read.

    Nothing is written while anything of before is unsent, and the kernel is not asked to hold it either: what a slow
    peer reads next is new, and a thousand of them cost next to no memory. Uvicorn by itself would keep 64 KiB of
    each and the kernel megabytes.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        cast(asyncio.Transport, transport).set_write_buffer_limits(high=0)
        connection = transport.get_extra_info("socket")
        if connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MOST_UNSENT_BYTES)


SERVER_OPTIONS: Final[dict[str, Any]] = {
    "http": HttpProtocol,
    "ws": WebSocketProtocol,
    # Longer than proxies and clients do: who closes first never closes on a request that is under way.
    "timeout_keep_alive": 75,
    "ws_max_size": MOST_REQUEST_BYTES,
    "ws_per_message_deflate": False,  # States are short: it would cost more time and memory than it saves.
}
"""Of uvicorn, wherever the API is served."""
