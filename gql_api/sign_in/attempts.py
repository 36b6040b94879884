"""How many sign-ins an address may begin."""

import time
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import HTTPConnection

from gql_api.sign_in.failures import SignInError, StoreUnavailableError, TooManyAttemptsError


class Attempts:
    """Counted in Redis, by all API processes together, over the last minute.

    Failures need no count of their own: each belongs to a beginning, and there is nothing to guess.
    """

    def __init__(self, redis: Redis, *, starts_per_minute: int) -> None:
        storage = RedisStorage(
            "async+redis://",  # Not read: the connections are those of the process.
            implementation="redispy",
            key_prefix="mailing:sign-in-attempts",
            connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # typed as if options were plain values
        )
        self._limiter = MovingWindowRateLimiter(storage)
        self._starts = RateLimitItemPerMinute(starts_per_minute, namespace="starts")

    async def begin(self, address: str) -> None:
        """Count one. Raises TooManyAttemptsError, StoreUnavailableError."""
        try:
            if not await self._limiter.hit(self._starts, address):
                raise await self._too_many(address)
        except (RedisError, OSError) as e:
            raise StoreUnavailableError(repr(e)) from e

    async def _too_many(self, address: str) -> SignInError:
        stats = await self._limiter.get_window_stats(self._starts, address)
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
