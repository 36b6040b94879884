"""Brings the schema up to date, one process at a time, and tells whether it is."""

from pathlib import Path

import asyncpg
from tortoise import Tortoise
from tortoise.migrations.api import migrate as run_migrations

from mailing import migrations
from mailing.db.orm import APP, fetch, tortoise_config
from mailing.settings import Settings

# Any constant will do: it only has to be the same in every version of the program.
_LOCK = 0x6D61696C696E67


async def migrate(settings: Settings) -> list[str]:
    """Apply what is missing and return the names applied, oldest first.

    Several may be started at once: they take turns under an advisory lock, since two of Tortoise's
    migration runs at the same time would both fail.
    """
    applied: list[str] = []

    def note(event: str, _app: str, name: str) -> None:
        if event == "apply_done":
            applied.append(name)

    config = tortoise_config(settings)
    lock = await asyncpg.connect(settings.database_url, timeout=10)
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await run_migrations(config=config, progress=note)
    finally:
        await Tortoise.close_connections()
        await lock.close()
    return applied


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
