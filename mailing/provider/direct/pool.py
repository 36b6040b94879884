"""At most so many connections, reused while they are fresh."""

import asyncio

from mailing.provider.answers import Failure
from mailing.provider.direct.connection import Connection
from mailing.provider.direct.connector import Connector
from mailing.provider.exchange import ExchangeError


class Pool:
    """Lends connections. Who has taken one puts it back, whatever became of it.

    The one that came back last is lent first, so that those which are not needed grow old and close.
    """

    def __init__(self, connector: Connector, most: int) -> None:
        self._connector = connector
        self._permits = asyncio.Semaphore(most)  # Held with every connection that is lent, or opened to be lent.
        self._idle: dict[Connection, None] = {}
        self._open: set[Connection] = set()
        self._getting: set[asyncio.Timeout] = set()
        self.is_closed = False

    async def take(self, within: float) -> Connection:
        """A connection that a request may leave on at once.

        Raises ExchangeError if there is none within that many seconds, or if connecting fails: nothing has left.
        """
        if not self._permits.locked() and (connection := self._freshest()) is not None:
            await self._permits.acquire()  # Does not wait: it is not locked.
            return connection
        return await self._get(within)

    def put_back(self, connection: Connection) -> None:
        if connection.is_open:
            self._idle[connection] = None
        self._permits.release()

    async def close(self) -> None:
        """End everything: what waits here fails as CLIENT_CLOSED, what is in flight as CONNECTION_LOST."""
        self.is_closed = True
        for timeout in self._getting:
            if not timeout.expired():
                timeout.reschedule(0)
        connections = list(self._open)
        for connection in connections:
            connection.abort()
        for connection in connections:
            await connection.closed.wait()
        self._connector.close()

    async def _get(self, within: float) -> Connection:
        try:
            async with asyncio.timeout(within) as timeout:
                self._getting.add(timeout)
                try:
                    return await self._wait_and_connect()
                finally:
                    self._getting.discard(timeout)
        except TimeoutError:
            raise ExchangeError(Failure.CLIENT_CLOSED if self.is_closed else Failure.CONNECT_TIMEOUT) from None

    async def _wait_and_connect(self) -> Connection:
        await self._permits.acquire()
        try:
            return self._freshest() or await self._connect()
        except BaseException:
            self._permits.release()
            raise

    async def _connect(self) -> Connection:
        connection = await self._connector.connect(lambda: Connection(self._on_lost))
        self._open.add(connection)
        if self.is_closed:  # Meanwhile, and what closed could not know of this one yet.
            connection.abort()
            raise ExchangeError(Failure.CLIENT_CLOSED)
        if not connection.is_open:
            self._open.discard(connection)
            raise ExchangeError(Failure.CONNECT_FAILED, "the server closed the connection before it was asked")
        return connection

    def _freshest(self) -> Connection | None:
        while self._idle:
            connection, _ = self._idle.popitem()
            if connection.is_fresh:
                return connection
            connection.abort()
        return None

    def _on_lost(self, connection: Connection) -> None:
        self._idle.pop(connection, None)
        self._open.discard(connection)
