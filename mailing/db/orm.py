"""Connects the process to PostgreSQL, and runs the raw SQL that only `queries.py` modules write."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException
from tortoise.transactions import in_transaction

from mailing.db.connection import Connection, reset
from mailing.settings import PREFIX, Settings, SettingsError

APP = "mailing"

DATABASE_ERRORS = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # Where the server dies in the middle of a statement, the pool still tries to reset the connection, and asyncpg
    # finds it busy: "cannot switch to state 15; another operation (2) is in progress" hides what really happened.
    asyncpg.InternalClientError,
    BaseORMException,
)
"""What a statement raises when the database is away, stops, or refuses: pass it to `except`."""


def tortoise_config(settings: Settings) -> dict[str, Any]:
    """Tortoise's configuration for these settings.

    Raises SettingsError if they name no database.
    """
    if settings.database_url is None:
        raise SettingsError([f"{PREFIX}DATABASE_URL: must be set"])
    credentials = {
        "dsn": settings.database_url,
        "minsize": 1,
        "maxsize": settings.database_pool_size,
        # A statement that takes longer is stuck: everything here is bounded to batches.
        "command_timeout": 60,
        "timeout": 5,
        "server_settings": {"timezone": "UTC", "application_name": "mailing"},
        "connection_class": Connection,
        "reset": reset,
        # Without a cache each statement is prepared without a name and executed before the server is given back, which
        # any pooler of transactions takes.
        **({} if settings.database_prepared_statements else {"statement_cache_size": 0}),
    }
    return {
        "connections": {"default": {"engine": "mailing.db.backend", "credentials": credentials}},
        "apps": {
            APP: {
                "models": ["mailing.models"],
                "default_connection": "default",
                "migrations": "mailing.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def connect(settings: Settings) -> None:
    """Make this process's connection pool; connections open when first used.

    The global fallback lets code that runs outside the task that called this (resolvers, actors on the
    worker's event loop) find the pool: Tortoise keeps it in a context variable otherwise.
    """
    await Tortoise.init(config=tortoise_config(settings), _enable_global_fallback=True)


async def disconnect() -> None:
    """Close the pool."""
    await Tortoise.close_connections()


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[None]:
    """`connect` for the length of a block."""
    await connect(settings)
    try:
        yield
    finally:
        await disconnect()


async def fetch(sql: str, *parameters: object) -> list[Mapping[str, Any]]:
    """Run one statement, inside the current transaction if there is one, and return its rows."""
    return [*await get_connection("default").execute_query_dict(sql, list(parameters))]


async def fetch_one(sql: str, *parameters: object) -> Mapping[str, Any]:
    """`fetch` for a statement that returns exactly one row."""
    (row,) = await fetch(sql, *parameters)
    return row


async def fetch_value(sql: str, *parameters: object) -> Any:
    """The first column of the first row, or None without a row."""
    rows = await fetch(sql, *parameters)
    return next(iter(rows[0].values())) if rows else None


async def fetch_by_own_plan(sql: str, *parameters: object) -> list[Mapping[str, Any]]:
    """`fetch` for a statement whose best plan depends on its parameters: it is planned for these.

    After a few runs PostgreSQL takes one plan for all values, which for the rarest is a hundred times slower.
    """
    async with in_transaction("default"):
        await fetch("SET LOCAL plan_cache_mode = force_custom_plan")
        return await fetch(sql, *parameters)
