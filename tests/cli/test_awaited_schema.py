"""`mailing migrate --wait`: what starts beside the migrations waits for them, and changes nothing itself."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from mailing.db.migrate import known_migrations
from mailing.settings import Settings
from tests.db.empty import database_without_tables
from tests.running import Ran, run

EMPTY = "empty_for_waiting"
NOWHERE = "postgres://nobody@127.0.0.1:9/nothing"
LACKS_ALL = f"The database lacks {', '.join(known_migrations())}."


@pytest.fixture
async def empty_database(settings: Settings) -> AsyncIterator[str]:
    """The URL of a database without any table."""
    async with database_without_tables(settings, EMPTY) as url:
        yield url


async def test_it_ends_when_another_has_migrated_and_has_said_what_it_waited_for(empty_database: str) -> None:
    # Given
    waiting = await _start(empty_database, "--wait", "60")
    assert waiting.stdout is not None
    said = await waiting.stdout.readline()

    # When
    migrated = await run(*_command(), folder=Path.cwd(), env=_env(empty_database))

    # Then
    output, errors = await asyncio.wait_for(waiting.communicate(), 60)
    assert (migrated.status, waiting.returncode, errors) == (0, 0, b"")
    first, *between, last = (said + output).decode().splitlines()
    assert (first, last) == (LACKS_ALL, "The schema is that of this version.")
    assert all(line.startswith("The database lacks ") for line in between)  # Migrations come one by one.


async def test_without_any_time_it_only_looks_and_leaves_the_database_as_it_is(empty_database: str) -> None:
    ran = await run(*_command("--wait", "0"), folder=Path.cwd(), env=_env(empty_database))
    assert ran == Ran(1, f"{LACKS_ALL}\n", f"mailing: waited for 0 s: {LACKS_ALL} Run `mailing migrate`.\n")
    connection = await asyncpg.connect(empty_database)
    assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    await connection.close()


async def test_old_code_does_not_wait_beside_a_newer_schema(migrated: Settings) -> None:
    # Given
    server = await asyncpg.connect(migrated.database_url)
    await server.execute(
        "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('mailing', '9999_new', now())"
    )
    try:
        # When
        assert migrated.database_url is not None
        ran = await run(*_command("--wait", "0"), folder=Path.cwd(), env=_env(migrated.database_url))
    finally:
        await server.execute("DELETE FROM tortoise_migrations WHERE name = '9999_new'")
        await server.close()

    # Then
    assert ran == Ran(0, "The database is of a newer version than this program: it has 9999_new.\n", "")


async def test_a_database_that_is_away_is_waited_for_and_sigterm_ends_that_at_once() -> None:
    # Given
    waiting = await _start(NOWHERE, "--wait", "60")
    assert waiting.stdout is not None
    assert (await waiting.stdout.readline()).decode() == "PostgreSQL does not answer: connection refused.\n"

    # When
    waiting.send_signal(signal.SIGTERM)

    # Then
    output, errors = await asyncio.wait_for(waiting.communicate(), 20)
    assert (waiting.returncode, output, errors) == (-signal.SIGTERM, b"", b"")


async def _start(url: str, *options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(*_command(*options), env=_env(url), stdout=PIPE, stderr=PIPE)


def _command(*options: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "mailing", "migrate", *options)


def _env(url: str) -> dict[str, str]:
    return os.environ | {"MAILING_DATABASE_URL": url}
