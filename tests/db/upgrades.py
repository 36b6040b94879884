"""Databases as they were before a migration, and what `mailing migrate` makes of them."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from mailing.settings import Settings

_NAME = "before_migration"
_MIGRATE_TO = """
import asyncio
from tortoise.migrations.api import migrate
from mailing.db.orm import tortoise_config
from mailing.settings import load_settings
asyncio.run(migrate(config=tortoise_config(load_settings()), target="mailing.{target}"))
"""


@asynccontextmanager
async def database_at(settings: Settings, migration: str) -> AsyncIterator[tuple[str, asyncpg.Connection]]:
    """A database of its own with all migrations up to that one: its URL, and a connection to it."""
    assert settings.database_url is not None
    server = await asyncpg.connect(settings.database_url)
    await server.execute(f"DROP DATABASE IF EXISTS {_NAME}")
    await server.execute(f"CREATE DATABASE {_NAME}")
    url = settings.database_url.replace("/mailing?", f"/{_NAME}?")
    _run(url, "-c", _MIGRATE_TO.format(target=migration))
    old = await asyncpg.connect(url)
    try:
        yield url, old
    finally:
        await old.close()
        await server.execute(f"DROP DATABASE {_NAME}")
        await server.close()


def migrate_to_the_newest(url: str) -> None:
    """As an operator does it."""
    _run(url, "-m", "mailing", "migrate")


def environment(url: str) -> dict[str, str]:
    """Of a program of the service that is to work with the database."""
    return os.environ | {"MAILING_DATABASE_URL": url, "MAILING_REDIS_URL": "redis://127.0.0.1:1/0"}


def _run(url: str, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, *arguments],
        env=environment(url),
        check=True,
        timeout=60,
    )
