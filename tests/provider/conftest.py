"""What the tests of the provider share: clients that are closed, and servers that misbehave below HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress

import pytest

from mailing.provider.fake import FakeProvider
from mailing.provider.http import HttpProvider
from mailing.settings import load_settings

ProviderFor = Callable[..., HttpProvider]
RawHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
RawServer = Callable[[RawHandler], Awaitable[str]]


async def until(condition: Callable[[], object]) -> None:
    """Return as soon as it holds; TimeoutError after 5 s."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.001)


@pytest.fixture
async def fake() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as provider:
        yield provider


@pytest.fixture
async def provider_for() -> AsyncIterator[ProviderFor]:
    """Makes clients of a URL, with settings of one's own; closes them."""
    async with AsyncExitStack() as stack:

        def make(url: str, **settings: object) -> HttpProvider:
            provider = HttpProvider(load_settings(provider_url=url, **settings))
            stack.push_async_callback(provider.close)
            return provider

        yield make


@pytest.fixture
async def raw_server() -> AsyncIterator[RawServer]:
    """Starts servers that do with a connection what the handler says; gives their base URLs."""
    async with AsyncExitStack() as stack:

        async def start(handler: RawHandler) -> str:
            async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                with suppress(ConnectionError, asyncio.IncompleteReadError):
                    await handler(reader, writer)
                writer.close()

            server = await asyncio.start_server(handle, "127.0.0.1", 0)
            stack.callback(server.close)
            return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"

        yield start
