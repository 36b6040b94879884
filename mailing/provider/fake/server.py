"""The fake provider on the network."""

import asyncio
from types import TracebackType
from typing import Self

from mailing.provider.fake.admin import Admin
from mailing.provider.fake.behaviour import Behaviour
from mailing.provider.fake.connection import Connection
from mailing.provider.fake.ledger import Ledger
from mailing.provider.fake.listener import Listener
from mailing.provider.fake.scenario import Scenario


class FakeProvider:
    """A provider of SMS that sends none: a real HTTP server with the provider's contract, and a ledger.

        async with FakeProvider(Scenario(error_share=0.1)) as fake:
            ...                                 # send to fake.url
            await fake.set_scenario(Scenario())
            assert fake.ledger.accepted == 10

    `host` and `port` are for sends; port 0 takes any free one. The admin endpoints answer there too, and on
    `admin_port`, unless that is None. A scenario that refuses connections stops listening on the first port, so that
    clients are really refused. Without an admin port nobody could end such a scenario; there the port keeps
    listening, and a connection is reset as soon as it sends a message.

    Raises OSError on entering if a port cannot be had.
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        admin_port: int | None = 0,
    ) -> None:
        self._behaviour = Behaviour(scenario or Scenario())
        self._admin = Admin(self)
        self._address = host, port
        self._admin_port = admin_port
        self._connections: set[Connection] = set()
        self._listener: Listener
        self._admin_listener: Listener | None = None

    @property
    def url(self) -> str:
        """The base URL for sends, /v1 included."""
        return f"{self._listener.origin}/v1"

    @property
    def admin_url(self) -> str:
        """Where /_ledger and /_scenario answer whatever the scenario is."""
        return (self._admin_listener or self._listener).origin

    @property
    def ledger(self) -> Ledger:
        return self._behaviour.ledger

    @property
    def scenario(self) -> Scenario:
        return self._behaviour.scenario

    def clear_ledger(self) -> None:
        self._behaviour.clear_ledger()

    async def set_scenario(self, scenario: Scenario) -> None:
        """Play another scenario; it is in force on return. What was being answered under the old one still is."""
        self._behaviour.play(scenario)
        if not scenario.refuse_connections:
            await self._listener.open()
            return
        if self._admin_listener is not None:
            await self._listener.refuse()
        self._abort_connections()

    async def __aenter__(self) -> Self:
        self._listener = Listener(self._connection, *self._address)
        try:
            if self._admin_port is not None:
                self._admin_listener = Listener(self._connection, self._address[0], self._admin_port)
                await self._admin_listener.open()
        except BaseException:
            await self._listener.close()
            raise
        if self._admin_listener is None or not self.scenario.refuse_connections:
            await self._listener.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._listener.close()
        if self._admin_listener is not None:
            await self._admin_listener.close()
        self._abort_connections()
        # The transports report their end in the loop's next round.
        await asyncio.sleep(0)

    def _connection(self) -> Connection:
        return Connection(self._behaviour, self._admin, self._connections)

    def _abort_connections(self) -> None:
        for connection in list(self._connections):
            connection.abort()
