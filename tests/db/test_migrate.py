"""Migrations: complete, repeatable, and safe to start several times at once."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector

from mailing.db.development import CONFIG
from mailing.db.migrate import LOCK, MigrationBlockedError, known_migrations, migrate
from mailing.db.migrating_connection import MigratingConnection
from mailing.settings import Settings
from tests.db.empty import database_without_tables
from tests.db.upgrades import database_at
from tests.waiting import until

EMPTY = "empty_for_migrations"


@pytest.fixture
async def empty_database(settings: Settings) -> AsyncIterator[str]:
    """The URL of a database without any table."""
    async with database_without_tables(settings, EMPTY) as url:
        yield url


def start_migrate(url: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "mailing", "migrate"],
        env=os.environ | {"MAILING_DATABASE_URL": url, "MAILING_REDIS_URL": "redis://127.0.0.1:1/0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


async def migrated_apart(url: str, **options: Any) -> list[str]:
    """In this process, without its connection to the tests' own database."""
    async with TortoiseContext():
        return await migrate(Settings(database_url=url), **options)


def test_several_that_start_at_once_take_turns_and_one_of_them_does_the_work(empty_database: str) -> None:
    # When
    runs = [start_migrate(empty_database) for _ in range(3)]
    said = sorted(run.communicate(timeout=60)[0] for run in runs)

    # Then
    assert [run.returncode for run in runs] == [0, 0, 0], said
    assert sum(name in text for text in said for name in known_migrations()) == len(known_migrations()), said


async def test_a_migration_that_has_to_wait_for_a_table_lets_the_others_go_first(settings: Settings) -> None:
    # Given a service of an older version, of which one transaction takes long
    async with database_at(settings, "0005_daily_report") as (url, old):
        async with old.transaction():
            await old.execute("LOCK TABLE mailing IN ROW EXCLUSIVE MODE")
            blocked = asyncio.Event()
            migrating = asyncio.create_task(migrated_apart(url, blocked=blocked.set))

            # When a migration has tried to change that table
            await asyncio.wait_for(blocked.wait(), 30)
            other = await asyncpg.connect(url)
            begun = time.monotonic()
            changes = 0
            while time.monotonic() - begun < 2:
                await other.execute("UPDATE mailing SET text = 'changed'", timeout=10)
                changes += 1
            await other.close()

        # Then others go on all the time, and it comes to its end as soon as it can
        applied = await asyncio.wait_for(migrating, 60)
        assert changes > 1
        assert applied == known_migrations()[5:]


async def test_a_migration_that_never_gets_its_table_gives_up_and_changes_nothing(settings: Settings) -> None:
    async with database_at(settings, "0005_daily_report") as (url, old), old.transaction():
        await old.execute("LOCK TABLE mailing IN ROW EXCLUSIVE MODE")

        # When
        with pytest.raises(MigrationBlockedError):
            await migrated_apart(url, patience_seconds=0)

        # Then
        assert await old.fetchval("SELECT max(name) FROM tortoise_migrations") == "0005_daily_report"


async def test_a_timeout_that_is_set_for_all_who_use_the_database_cuts_no_migration_off(empty_database: str) -> None:
    # Given
    server = await asyncpg.connect(empty_database)
    for name in ("statement_timeout", "lock_timeout"):
        await server.execute(f"ALTER DATABASE {EMPTY} SET {name} = '200ms'")
    try:
        # When another migrates at this moment
        async with server.transaction():
            await server.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            migrating = asyncio.create_task(migrated_apart(empty_database))
            await until(lambda: _is_waited_for(server), seconds=60)
            await asyncio.sleep(0.4)  # Whoever heeds the timeouts has given up by then.
            assert not migrating.done()
            await server.execute(f"ALTER DATABASE {EMPTY} RESET ALL")

        # Then
        assert await asyncio.wait_for(migrating, 60) == known_migrations()
    finally:
        await server.close()


async def test_a_statement_of_a_migration_takes_as_long_as_it_takes(settings: Settings) -> None:
    connection = await asyncpg.connect(
        settings.database_url, connection_class=MigratingConnection, server_settings={"statement_timeout": "1h"}
    )
    try:
        async with connection.transaction():
            assert await connection.fetchval("SHOW statement_timeout") == "0"
        assert await connection.fetchval("SHOW statement_timeout") == "1h"
    finally:
        await connection.close()


async def _is_waited_for(server: asyncpg.Connection) -> bool:
    waiting: bool = await server.fetchval(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"
    )
    return waiting


async def test_a_database_that_refuses_is_told_of_in_one_line_with_what_to_do(empty_database: str) -> None:
    # Given a role that may not create tables, as any has it by default that does not own the database
    server = await asyncpg.connect(empty_database)
    await server.execute("CREATE ROLE guest LOGIN")
    try:
        # When
        ran = start_migrate(f"{empty_database}&user=guest".replace("//mailing@", "//"))
        said = await asyncio.to_thread(lambda: ran.communicate(timeout=60)[0])
    finally:
        await server.execute("DROP ROLE guest")
        await server.close()

    # Then
    assert (ran.returncode, said) == (
        1,
        "mailing: the database failed: permission denied for schema public. Make the user in MAILING_DATABASE_URL the "
        "owner of the database. Then run this again: each migration is applied whole or not at all.\n",
    )


async def test_the_models_are_what_the_migrations_make() -> None:
    # When
    async with TortoiseContext() as context:
        await context.init(config=CONFIG)
        assert context.apps is not None
        missing = await MigrationAutodetector(context.apps, CONFIG["apps"]).changes()

    # Then
    assert [writer.as_string() for writer in missing] == []
