"""A database as it was before a migration, to see what the migration makes of it."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from mailing.settings import Settings

_NAME = "old"
_MIGRATE_TO = """
import asyncio
from tortoise.migrations.api import migrate
from mailing.db.orm import tortoise_config
from mailing.settings import load_settings
asyncio.run(migrate(config=tortoise_config(load_settings()), target="mailing.{target}"))
"""


@asynccontextmanager
async def database_at(settings: Settings, migration: str) -> AsyncIterator[tuple[str, asyncpg.Connection]]:
    """A database of its own that has all migrations up to this one: its URL, and a connection to it."""
    assert settings.database_url is not None
    server = await asyncpg.connect(settings.database_url)
    await server.execute(f"DROP DATABASE IF EXISTS {_NAME}")
    await server.execute(f"CREATE DATABASE {_NAME}")
    url = settings.database_url.replace("/mailing?", f"/{_NAME}?")
    run_with(url, "-c", _MIGRATE_TO.format(target=migration))
    old = await asyncpg.connect(url)
    yield url, old
    await old.close()
    await server.execute(f"DROP DATABASE {_NAME}")
    await server.close()


def run_with(url: str, *arguments: str) -> None:
    """Run Python for the database."""
    subprocess.run([sys.executable, *arguments], env=environment_of(url), check=True, timeout=60)


def environment_of(url: str) -> dict[str, str]:
    """For programs that are to use the database."""
    return os.environ | {"MAILING_DATABASE_URL": url, "MAILING_REDIS_URL": "redis://127.0.0.1:1/0"}
