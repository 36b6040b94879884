"""How busy this process's connection pool is."""

from dataclasses import dataclass

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.connection import get_connection
from tortoise.exceptions import ConfigurationError


@dataclass(frozen=True, slots=True)
class PoolStanding:
    """Its connections at one moment."""

    in_use: int
    idle: int
    most: int
    """That it may open."""
    waiting: int
    """Statements that wait for one."""


def pool_standing() -> PoolStanding | None:
    """Call it on the event loop of the pool. None: nothing was asked of the database yet, or the pool is closed."""
    try:
        client = get_connection("default")
    except ConfigurationError:
        return None
    pool: asyncpg.Pool | None = client._pool if isinstance(client, AsyncpgDBClient) else None
    if pool is None:
        return None
    size, idle = pool.get_size(), pool.get_idle_size()
    # asyncpg does not tell how many wait: they are those who get from its queue of connections.
    getters = getattr(getattr(pool, "_queue", None), "_getters", ())
    return PoolStanding(size - idle, idle, pool.get_max_size(), sum(not getter.done() for getter in getters))
