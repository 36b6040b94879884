"""Brings the schema up to date, one process at a time, beside others that work; and tells whether it is up to date."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from tortoise import Tortoise
from tortoise.migrations.api import migrate as run_migrations

from mailing import migrations
from mailing.db.migrating_connection import MigratingConnection
from mailing.db.orm import APP, fetch, tortoise_config
from mailing.settings import Settings

LOCK = 0x6D61696C696E67
"""Any constant will do: it only has to be the same in every version of the program."""

PATIENCE_SECONDS = 600.0
"""For so long a migration tries to get a table that others use. Each try is brief, so that nobody waits behind it."""

_PAUSE_SECONDS = (0.5, 1.5)


class MigrationBlockedError(Exception):
    """Raised when others used a table that a migration needs, all the time that it had; what came before is applied."""


async def migrate(
    settings: Settings, *, patience_seconds: float = PATIENCE_SECONDS, blocked: Callable[[], None] = lambda: None
) -> list[str]:
    """Apply what is missing and return the names applied, oldest first. Processes of the service may run beside it.

    Several may be started at once: they take turns. `blocked` is called after each try that did not get its tables.
    Each migration is applied whole or not at all. Raises MigrationBlockedError.
    """
    applied: list[str] = []

    def note(event: str, _app: str, name: str) -> None:
        if event == "apply_done":
            applied.append(name)

    config = tortoise_config(settings)
    # An index of a hundred million rows takes as long as it takes.
    config["connections"]["default"]["credentials"] |= {
        "command_timeout": None,
        "connection_class": MigratingConnection,
    }
    deadline = time.monotonic() + patience_seconds
    async with _alone(settings):
        while True:
            try:
                await run_migrations(config=config, progress=note)
            except asyncpg.LockNotAvailableError as e:
                if time.monotonic() > deadline:
                    raise MigrationBlockedError from e
                blocked()
                await asyncio.sleep(random.uniform(*_PAUSE_SECONDS))
            else:
                return applied
            finally:
                await Tortoise.close_connections()


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[None]:
    """No other process migrates meanwhile: two of Tortoise's migration runs at the same time would both fail.

    The lock is a transaction's, on a connection of its own: one of a session would stay behind with a pooler. The
    transaction reads nothing, so it holds back no vacuum.
    """
    lock = await asyncpg.connect(settings.database_url, timeout=10, statement_cache_size=0)
    try:
        async with lock.transaction():
            # Whatever is set for the role or the database: others may migrate for hours.
            for timeout in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
                await lock.execute(f"SET LOCAL {timeout} = 0")
            await lock.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            yield
    finally:
        await lock.close()


def known_migrations() -> list[str]:
    """The migrations that this program brings along, oldest first."""
    folder = Path(migrations.__file__).parent
    return sorted(path.stem for path in folder.glob("[0-9]*.py"))


async def missing_migrations() -> list[str]:
    """Those of `known_migrations` that the database lacks. Raises a database error where it cannot tell."""
    exists = await fetch("SELECT to_regclass('tortoise_migrations') IS NOT NULL AS exists")
    if not exists[0]["exists"]:
        return known_migrations()
    applied = await _applied_migrations()
    return [name for name in known_migrations() if name not in applied]


async def unknown_migrations() -> list[str]:
    """Those that a newer version of this program has applied, oldest first. Only for a database that lacks none."""
    return sorted(await _applied_migrations() - {*known_migrations()})


async def _applied_migrations() -> set[str]:
    rows = await fetch("SELECT name FROM tortoise_migrations WHERE app = $1", APP)
    return {row["name"] for row in rows}
