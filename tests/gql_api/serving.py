"""Serves an ASGI application on a port of its own, in this process."""

import asyncio
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from gql_api.auth.credentials import Everyone
from gql_api.auth.gate import Gate
from gql_api.auth.origins import Origins
from gql_api.http.socket import SERVER_OPTIONS


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Yields the address, host and port."""
    server = _Server(uvicorn.Config(app, port=0, log_level="warning", **SERVER_OPTIONS))
    running = asyncio.create_task(server.serve())
    while not server.started and not running.done():  # noqa: ASYNC110  # uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


def open_to_everyone(api: ASGIApp) -> ASGIApp:
    """The API behind a gate without sign-in: without any gate it serves nobody."""
    return Gate(api, Everyone(), Origins())


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leaves them to pytest."""
        yield
