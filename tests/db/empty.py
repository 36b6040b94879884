"""Databases without any table, beside the one that the tests share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from mailing.settings import Settings


@asynccontextmanager
async def database_without_tables(settings: Settings, name: str) -> AsyncIterator[str]:
    """The URL of one, which is gone after the block, whoever still uses it."""
    assert settings.database_url is not None
    server = await asyncpg.connect(settings.database_url)
    await server.execute(f"DROP DATABASE IF EXISTS {name}")
    await server.execute(f"CREATE DATABASE {name}")
    try:
        yield settings.database_url.replace("/mailing?", f"/{name}?")
    finally:
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await server.close()
