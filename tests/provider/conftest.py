"""What the tests of the provider share: clients that are closed, and servers that misbehave below HTTP."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress

import pytest

from mailing.provider.direct.client import DirectProvider
from mailing.provider.fake import FakeProvider
from mailing.provider.protocol import Outgoing, Provider
from mailing.provider.through_proxy import ProxyProvider
from mailing.settings import load_settings

ProviderFor = Callable[..., Provider]
RawHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
RawServer = Callable[..., Awaitable[str]]


MESSAGE = Outgoing(id=9_000_000_000_000_000_001, phone=79991234567, text="Привет, 😀!")
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"code":0}'


async def request_head(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


async def whole_request(reader: asyncio.StreamReader) -> bytes:
    head = await request_head(reader)
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    return head + await reader.readexactly(length)


@pytest.fixture
async def fake() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as provider:
        yield provider


@pytest.fixture(params=[DirectProvider, ProxyProvider])
def client(request: pytest.FixtureRequest) -> type[DirectProvider | ProxyProvider]:
    """Each client of ours in turn: they promise the same."""
    kind: type[DirectProvider | ProxyProvider] = request.param
    return kind


@pytest.fixture
async def provider_for(client: type[DirectProvider | ProxyProvider]) -> AsyncIterator[ProviderFor]:
    """Makes clients of a URL, with settings of one's own; closes them."""
    async with AsyncExitStack() as stack:

        def make(url: str, **settings: object) -> Provider:
            provider = client(load_settings(provider_url=url, **settings))
            stack.push_async_callback(provider.close)
            return provider

        yield make


@pytest.fixture
async def raw_server() -> AsyncIterator[RawServer]:
    """Starts servers that do with a connection what the handler says; gives their base URLs.

    No handler outlives its test: one that still writes would be in the way of the tests after it.
    """
    handling: set[asyncio.Task[None]] = set()
    async with AsyncExitStack() as stack:

        async def start(
            handler: RawHandler, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
        ) -> str:
            async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                    await handler(reader, writer)
                writer.close()

            def on_connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                task = asyncio.create_task(handle(reader, writer))
                handling.add(task)
                task.add_done_callback(handling.discard)

            server = await asyncio.start_server(on_connect, host, port, ssl=tls)
            stack.callback(server.close)
            place = f"[{host}]" if ":" in host else host
            return f"http{'s' if tls else ''}://{place}:{server.sockets[0].getsockname()[1]}/v1"

        yield start
    still_handling = list(handling)
    for task in still_handling:
        task.cancel()
    await asyncio.gather(*still_handling, return_exceptions=True)
