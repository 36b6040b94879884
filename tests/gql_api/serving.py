"""Serves an ASGI application on a port of its own, in this process."""

import asyncio
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext

import aiohttp
import pytest
import uvicorn
from starlette.types import ASGIApp

from gql_api.app import create_app
from gql_api.auth.credentials import Everyone
from gql_api.auth.gate import Gate
from gql_api.auth.origins import Origins
from gql_api.http.socket import SERVER_OPTIONS
from mailing.settings import Settings
from tests.gql_api.api import Api


@asynccontextmanager
async def serving(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """Yields the address, host and port; without a port any that is free."""
    server = _Server(uvicorn.Config(app, port=port, log_level="warning", **SERVER_OPTIONS))
    running = asyncio.create_task(server.serve())
    while not server.started and not running.done():  # noqa: ASYNC110  # uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def whole_api(settings: Settings, port: int = 0, /, **changed: object) -> AsyncIterator[Api]:
    """The application on the tests' own database, beside the one of other tests; with settings changed."""
    with pytest.MonkeyPatch.context() as patch:
        # Each is one for the whole process, and others use them.
        for part in ("orm.connected", "_queue", "_publisher"):
            patch.setattr(f"gql_api.app.{part}", lambda _: nullcontext())
        app = create_app(settings.model_copy(update=changed))
        async with serving(app, port) as address, aiohttp.ClientSession() as http:
            yield Api(http, address)


def open_to_everyone(api: ASGIApp) -> ASGIApp:
    """The API behind a gate without sign-in: without any gate it serves nobody."""
    return Gate(api, Everyone(), Origins())


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leaves them to pytest."""
        yield
