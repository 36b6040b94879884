"""Tortoise's backend for asyncpg, which is given the URL as it is.

Tortoise would take the URL apart, and hand on what stands in its query as arguments that asyncpg does not have: what
asyncpg understands there is what libpq does, `sslmode` and `sslrootcert` above all.
"""

from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient


class Client(AsyncpgDBClient):
    """Wants `dsn` among its credentials."""

    async def create_pool(self, **options: Any) -> asyncpg.Pool:
        return await asyncpg.create_pool(options.pop("dsn"), **options)


client_class = Client
"""Where Tortoise looks for it."""
