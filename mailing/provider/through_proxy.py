"""The provider through an outbound HTTP proxy. The only module that speaks aiohttp as a client."""

import asyncio
import math
from typing import Final

import aiohttp
from yarl import URL

from mailing.provider.answers import Failure
from mailing.provider.exchange import (
    KEEP_ALIVE_SECONDS,
    MOST_BODY_BYTES,
    ExchangeError,
    Reply,
    answered,
    described,
    tls_context,
)
from mailing.provider.protocol import Answer, Outgoing
from mailing.provider.request import HEADERS, NOTHING_TO_SEND, request_body
from mailing.provider.token import TokenSource
from mailing.settings import Settings

PROXY_AUTHENTICATION_REQUIRED: Final = 407

# The first that fits: the narrow kinds stand before the wide ones that they belong to.
_FAILURES: Final[tuple[tuple[type[Exception], Failure], ...]] = (
    (aiohttp.ConnectionTimeoutError, Failure.CONNECT_TIMEOUT),
    (aiohttp.ClientConnectorDNSError, Failure.NAME_NOT_FOUND),
    (aiohttp.ClientSSLError, Failure.TLS_FAILED),
    (aiohttp.ClientConnectorError, Failure.CONNECT_FAILED),
    (TimeoutError, Failure.TIMEOUT),
    (aiohttp.ClientResponseError, Failure.UNREADABLE),
    (aiohttp.ClientConnectionError, Failure.CONNECTION_LOST),
    (aiohttp.ClientPayloadError, Failure.CONNECTION_LOST),
    (OSError, Failure.CONNECTION_LOST),
)
_FORESEEN: Final = tuple(kind for kind, _ in _FAILURES)


class ProxyProvider:
    """Implements Provider. Create it inside the event loop that it is to serve, and close it there.

    One send is at most one request: aiohttp repeats a request on a broken kept-alive connection only if its method is
    idempotent, which POST is not, and redirects are not followed. Without a proxy in the settings it connects directly.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = URL(settings.provider_url)
        self._path = self._url.raw_path.rstrip("/") + "/send/"
        self._token = TokenSource(settings)
        self._token_in_use: str | None = None
        self._total = settings.provider_timeout_seconds
        self._connect = min(settings.provider_connect_timeout_seconds, self._total)
        self._limits = self._limits_with(self._connect)
        proxy = settings.provider_proxy
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=settings.requests_in_flight,
                keepalive_timeout=KEEP_ALIVE_SECONDS,
                ssl=tls_context() if self._url.scheme == "https" else True,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=HEADERS,
            proxy=None if proxy is None else URL(proxy.get_secret_value()),
        )

    async def send(self, message: Outgoing, *, leave_within: float | None = None) -> Answer:
        return await answered(self._exchange(message, leave_within), message.id)

    async def ask(self) -> Reply:
        """What the provider answers to a request that it cannot send to anybody: see NOTHING_TO_SEND.

        Raises ExchangeError where it does not answer.
        """
        return await self._handed_over(*NOTHING_TO_SEND, self._limits)

    async def close(self) -> None:
        await self._session.close()

    async def _exchange(self, message: Outgoing, leave_within: float | None) -> Reply:
        limits = self._limits
        if leave_within is not None and leave_within < self._connect:
            if leave_within <= 0:  # For aiohttp, a timeout of 0 is none at all.
                raise ExchangeError(Failure.NO_TIME_LEFT)
            limits = self._limits_with(leave_within)
        if self._session.closed:
            raise ExchangeError(Failure.CLIENT_CLOSED)
        return await self._handed_over(message.id, request_body(message), limits)

    async def _handed_over(self, message_id: int, body: bytes, limits: aiohttp.ClientTimeout) -> Reply:
        self._renew_token()
        try:
            return await self._post(message_id, body, limits)
        except asyncio.CancelledError:
            if _is_cancelled_from_outside():
                raise
            raise ExchangeError(Failure.CLIENT_CLOSED) from None
        except aiohttp.ClientHttpProxyError as e:
            return _reply_of_proxy(e)
        except _FORESEEN as e:
            raise ExchangeError(_failure_of(e), described(e)) from e

    async def _post(self, message_id: int, body: bytes, limits: aiohttp.ClientTimeout) -> Reply:
        # The path needs no quoting: it is that of a parsed URL and a number.
        url = self._url.with_path(f"{self._path}{message_id}", encoded=True)
        async with self._session.post(url, data=body, timeout=limits, allow_redirects=False) as response:
            return Reply(response.status, response.headers, *await _read(response))

    def _limits_with(self, connect: float) -> aiohttp.ClientTimeout:
        # aiohttp rounds timeouts above 5 s up to whole seconds, unless told otherwise; leases are reckoned with ours.
        return aiohttp.ClientTimeout(total=self._total, connect=connect, ceil_threshold=math.inf)

    def _renew_token(self) -> None:
        """Keep the header among the session's, which costs less than handing it over with every request."""
        if (token := self._token.current()) != self._token_in_use:
            self._token_in_use = token
            self._session.headers["Authorization"] = f"Bearer {token}"


async def _read(response: aiohttp.ClientResponse) -> tuple[bytes, Failure | None]:
    """The body, and if it is not the whole one, why: longer than MOST_BODY_BYTES, or cut off."""
    body, content = bytearray(), response.content
    try:
        while not content.at_eof():
            body += await content.read(MOST_BODY_BYTES)
            if len(body) > MOST_BODY_BYTES:
                return bytes(body), Failure.UNREADABLE
    except _FORESEEN as e:
        return bytes(body), _failure_of(e)
    return bytes(body), None


def _reply_of_proxy(error: aiohttp.ClientHttpProxyError) -> Reply:
    """What a proxy that opens no tunnel to the provider comes to: the message has not left."""
    if error.status == PROXY_AUTHENTICATION_REQUIRED:
        return Reply(error.status, error.headers or {}, b"")
    # Not the error's own text, which names the URL.
    raise ExchangeError(Failure.PROXY_REFUSED, f"HTTP {error.status} {error.message}") from error


def _failure_of(error: Exception) -> Failure:
    match error:
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            return Failure.CONNECTION_REFUSED
        case aiohttp.ClientConnectorError(os_error=TimeoutError()):
            return Failure.CONNECT_TIMEOUT
    return next(failure for kind, failure in _FAILURES if isinstance(error, kind))


def _is_cancelled_from_outside() -> bool:
    """Whether someone cancelled this task. Closing the session cancels, too, but only what waits for a connection."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0
