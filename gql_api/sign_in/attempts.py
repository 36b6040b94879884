"""How many sign-ins an address may begin and fail at."""

import time
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import HTTPConnection

from gql_api.sign_in.failures import SignInError, StoreUnavailableError, TooManyAttemptsError


class Attempts:
    """Counted in Redis, by all API processes together, over the last minute."""

    def __init__(self, redis: Redis, *, starts_per_minute: int, failures_per_minute: int) -> None:
        storage = RedisStorage(
            "async+redis://",  # Not read: the connections are those of the process.
            implementation="redispy",
            key_prefix="mailing:sign-in-attempts",
            connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # typed as if options were plain values
        )
        self._limiter = MovingWindowRateLimiter(storage)
        self._starts = RateLimitItemPerMinute(starts_per_minute, namespace="starts")
        self._failures = RateLimitItemPerMinute(failures_per_minute, namespace="failures")

    async def begin(self, address: str) -> None:
        """Count one. Raises TooManyAttemptsError, StoreUnavailableError."""
        try:
            if not await self._limiter.hit(self._starts, address):
                raise await self._too_many(self._starts, address)
        except (RedisError, OSError) as e:
            raise StoreUnavailableError(repr(e)) from e

    async def check_failures(self, address: str) -> None:
        """Raises TooManyAttemptsError, StoreUnavailableError."""
        try:
            if not await self._limiter.test(self._failures, address):
                raise await self._too_many(self._failures, address)
        except (RedisError, OSError) as e:
            raise StoreUnavailableError(repr(e)) from e

    async def failed(self, address: str) -> None:
        """Count a failure. Without Redis it is forgotten: nobody can sign in then anyway."""
        try:
            await self._limiter.hit(self._failures, address)
        except (RedisError, OSError):
            return

    async def _too_many(self, limit: RateLimitItem, address: str) -> SignInError:
        stats = await self._limiter.get_window_stats(limit, address)
        return TooManyAttemptsError(max(1, ceil(stats.reset_time - time.time())))


def address_of(connection: HTTPConnection) -> str:
    """By which one that asks is told from others: of IPv6 the first 64 bits, since whoever has one has all of these.

    Behind a proxy it is the client's only if the server trusts the proxy (uvicorn's FORWARDED_ALLOW_IPS).
    """
    host = connection.client.host if connection.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return host
