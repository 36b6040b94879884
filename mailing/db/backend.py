"""Tortoise's backend for asyncpg, which is given the URL as it is.

Tortoise would take the URL apart, and not as libpq does: it leaves a user or a database percent-encoded, knows one host
only, and hands on what stands in the query (`sslmode`, `sslrootcert`) as arguments that asyncpg does not have. What
asyncpg is told beside a URL goes before what the URL says, so it is told none of it.
"""

from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient

_IN_THE_URL = ("host", "port", "user", "password", "database")


class Client(AsyncpgDBClient):
    """Wants `dsn` among its credentials, and there alone where to connect, and as whom."""

    async def create_pool(self, **options: Any) -> asyncpg.Pool:
        for name in _IN_THE_URL:
            del options[name]
        return await asyncpg.create_pool(**options)


client_class = Client
"""Where Tortoise looks for it."""
