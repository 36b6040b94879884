"""The API's subscriptions on progress that a test makes by hand."""

import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from gql_api.http.limits import Limits
from gql_api.http.sharing import SharedExecutions
from gql_api.http.view import GraphQLView
from gql_api.schema import schema
from mailing.errors import NotFoundError
from mailing.progress.feed import ProgressFeed
from mailing.progress.hub import Hub
from mailing.progress.snapshot import MailingProgress
from mailing.provider_health.feed import HealthFeed
from tests.gql_api.api import Api, Socket
from tests.gql_api.serving import open_to_everyone, serving


class HandFeed(ProgressFeed):
    """Tells what the test accepts; needs neither Redis nor the database."""

    def __init__(self, *first: MailingProgress) -> None:
        self._hub = Hub()
        self._first = {state.mailing_id: state for state in first}
        self.begun = 0
        """How many executions have asked for states."""

    @property
    def is_idle(self) -> bool:
        return self._hub.is_empty

    def accept(self, state: MailingProgress) -> None:
        self._hub.accept(state)

    def stands_at(self, state: MailingProgress) -> None:
        """What is read from now on, though nobody was told."""
        self._first[state.mailing_id] = state

    def gone(self, mailing_id: int) -> None:
        self._hub.gone(mailing_id)

    async def watch(self, mailing_id: int) -> AsyncGenerator[MailingProgress, None]:
        self.begun += 1
        if mailing_id not in self._first:
            raise NotFoundError("mailing", mailing_id)
        with self._hub.watching(mailing_id) as subscriber:
            self._hub.welcome(subscriber, self._first[mailing_id])
            async for state in subscriber:
                yield state
                if state.is_final:
                    return

    async def watch_active(self) -> AsyncGenerator[MailingProgress, None]:
        self.begun += 1
        with self._hub.watching_active() as subscriber:
            for state in self._first.values():
                self._hub.welcome(subscriber, state)
            async for state in subscriber:
                yield state


@dataclass(frozen=True, slots=True)
class Followed:
    """A served feed."""

    feed: HandFeed
    api: Api
    executions: SharedExecutions

    @asynccontextmanager
    async def idle_socket(self) -> AsyncIterator[Socket]:
        """One whose client reads nothing but what `receive` asks for, and whose kernel buffers little."""
        host, port = self.api.address.split(":")
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((host, int(port)))
        async with self.api.silent_socket(sock=connection, max_queue=1, ping_interval=None, close_timeout=0.1) as idle:
            await idle.send(type="connection_init")
            assert await idle.receive() == {"type": "connection_ack"}
            yield idle


@asynccontextmanager
async def followed(*first: MailingProgress) -> AsyncIterator[Followed]:
    """The API on a feed that begins with these states."""
    feed = HandFeed(*first)
    # Many aliases make a wide answer, and wide answers fill buffers.
    view = GraphQLView(feed, HealthFeed(), schema.under(Limits(aliases=1_000)))
    api = open_to_everyone(view)
    app = Starlette(routes=[Route("/graphql", api), WebSocketRoute("/graphql", api)])
    async with serving(app) as address, aiohttp.ClientSession() as http:
        yield Followed(feed, Api(http, address), view.executions)
