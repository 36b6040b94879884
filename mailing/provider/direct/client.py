"""The provider over connections of our own."""

from time import monotonic

from yarl import URL

from mailing.provider.answers import Failure
from mailing.provider.direct.connector import Connector
from mailing.provider.direct.pool import Pool
from mailing.provider.direct.request_writer import RequestWriter
from mailing.provider.exchange import ExchangeError, Reply, answered
from mailing.provider.protocol import Answer, Outgoing
from mailing.provider.token import TokenSource
from mailing.settings import Settings


class DirectProvider:
    """Implements Provider. Create it inside the event loop that it is to serve, and close it there.

    One send is at most one request: what has been written to a connection is written nowhere else.
    """

    def __init__(self, settings: Settings) -> None:
        url = URL(settings.provider_url)
        self._writer = RequestWriter(url, TokenSource(settings))
        self._pool = Pool(Connector(url), settings.requests_in_flight)
        self._total = settings.provider_timeout_seconds
        self._connect = min(settings.provider_connect_timeout_seconds, self._total)

    async def send(self, message: Outgoing, *, leave_within: float | None = None) -> Answer:
        return await answered(self._exchange(message, leave_within), message.id)

    async def close(self) -> None:
        await self._pool.close()

    async def _exchange(self, message: Outgoing, leave_within: float | None) -> Reply:
        deadline = monotonic() + self._total
        within = self._connect if leave_within is None else min(leave_within, self._connect)
        if within <= 0:
            raise ExchangeError(Failure.NO_TIME_LEFT)
        if self._pool.is_closed:
            raise ExchangeError(Failure.CLIENT_CLOSED)
        request = self._writer.wire(message)
        connection = await self._pool.take(within)
        try:
            return await connection.exchange(request, deadline)
        finally:
            self._pool.put_back(connection)
