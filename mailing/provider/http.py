"""The provider over HTTP. The only module that speaks aiohttp as a client."""

import asyncio
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Final

import aiohttp
import orjson
import structlog
from yarl import URL

from mailing.provider.answers import Failure, answer_from_failure, answer_from_response
from mailing.provider.protocol import Answer, Outgoing
from mailing.provider.token import TokenSource
from mailing.settings import Settings

MOST_BODY_BYTES: Final = 64 * 1024
KEEP_ALIVE_SECONDS: Final = 4.0
"""Below the idle timeout of common servers (5 s and more): a request that meets a connection which the server is just
closing comes back UNANSWERED and has spent a try."""

_HEADERS: Final = {
    "Accept": "application/json",
    # The answers are too small to be worth compressing.
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
    "User-Agent": "mailing-service",
}

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

log = structlog.get_logger(__name__)


class HttpProvider:
    """Implements Provider. Create it inside the event loop that it is to serve, and close it there.

    One send is at most one request: aiohttp repeats a request on a broken kept-alive connection only if its method is
    idempotent, which POST is not, and redirects are not followed.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = URL(settings.provider_url)
        self._path = self._url.raw_path.rstrip("/") + "/send/"
        self._token = TokenSource(settings)
        self._token_in_use: str | None = None
        self._total = settings.provider_timeout_seconds
        self._connect = min(settings.provider_connect_timeout_seconds, self._total)
        self._timeout = self._timeout_with(self._connect)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=settings.requests_in_flight, keepalive_timeout=KEEP_ALIVE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_HEADERS,
        )

    async def send(self, message: Outgoing, *, leave_within: float | None = None) -> Answer:
        started_at, began = datetime.now(UTC), monotonic()
        try:
            status, headers, body, cut = await self._exchange(message, leave_within)
        except asyncio.CancelledError:
            if _is_cancelled_from_outside():
                raise
            failure, detail = Failure.CLIENT_CLOSED, ""
        except Exception as e:  # The promise is that every failure is an Answer, those without a name included.
            failure, detail = _failure_of(e), f"{type(e).__name__}: {e}".removesuffix(": ")
            if failure is Failure.UNEXPECTED:
                log.exception("provider.request_broke", message_id=message.id)
        else:
            return answer_from_response(
                status, headers, body, started_at=started_at, duration_ms=_milliseconds_since(began), cut=cut
            )
        return answer_from_failure(failure, detail, started_at=started_at, duration_ms=_milliseconds_since(began))

    async def close(self) -> None:
        await self._session.close()

    async def _exchange(
        self, message: Outgoing, leave_within: float | None
    ) -> tuple[int, Mapping[str, str], bytes, Failure | None]:
        timeout = self._timeout
        if leave_within is not None and leave_within < self._connect:
            if leave_within <= 0:  # For aiohttp, a timeout of 0 is none at all.
                raise _NeverLeftError(Failure.NO_TIME_LEFT)
            timeout = self._timeout_with(leave_within)
        if self._session.closed:
            raise _NeverLeftError(Failure.CLIENT_CLOSED)
        body = _request_body(message)
        self._renew_token()
        # The path needs no quoting: it is that of a parsed URL and a number.
        url = self._url.with_path(f"{self._path}{message.id}", encoded=True)
        async with self._session.post(url, data=body, timeout=timeout, allow_redirects=False) as response:
            return response.status, response.headers, *await _read(response)

    def _timeout_with(self, connect: float) -> aiohttp.ClientTimeout:
        # aiohttp rounds timeouts above 5 s up to whole seconds, unless told otherwise; leases are reckoned with ours.
        return aiohttp.ClientTimeout(total=self._total, connect=connect, ceil_threshold=math.inf)

    def _renew_token(self) -> None:
        """Keep the header among the session's, which costs less than handing it over with every request."""
        if (token := self._token.current()) != self._token_in_use:
            self._token_in_use = token
            self._session.headers["Authorization"] = f"Bearer {token}"


class _NeverLeftError(Exception):
    """Raised when a request is not even tried; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def _request_body(message: Outgoing) -> bytes:
    try:
        return orjson.dumps({"id": message.id, "phone": message.phone, "text": message.text})
    except orjson.JSONEncodeError as e:  # Half a surrogate pair, a number beyond 64 bits.
        raise _NeverLeftError(Failure.UNSENDABLE) from e


async def _read(response: aiohttp.ClientResponse) -> tuple[bytes, Failure | None]:
    """The body, and if it is not the whole one, why: longer than MOST_BODY_BYTES, or cut off."""
    body, content = bytearray(), response.content
    try:
        while not content.at_eof():
            body += await content.read(MOST_BODY_BYTES)
            if len(body) > MOST_BODY_BYTES:
                return bytes(body), Failure.UNREADABLE
    except (aiohttp.ClientError, OSError) as e:
        return bytes(body), _failure_of(e)
    return bytes(body), None


def _failure_of(error: Exception) -> Failure:
    match error:
        case _NeverLeftError():
            return error.failure
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            return Failure.CONNECTION_REFUSED
        case aiohttp.ClientConnectorError(os_error=TimeoutError()):
            return Failure.CONNECT_TIMEOUT
    return next((failure for kind, failure in _FAILURES if isinstance(error, kind)), Failure.UNEXPECTED)


def _is_cancelled_from_outside() -> bool:
    """Whether someone cancelled this task. Closing the session cancels, too, but only what waits for a connection."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


def _milliseconds_since(began: float) -> int:
    return round((monotonic() - began) * 1000)
