"""What the migration that brought events tells of the time before it."""

import asyncio
import sys
from collections.abc import AsyncIterator

import asyncpg
import pytest

from mailing.settings import Settings
from tests.db.upgrades import database_at, environment, migrate_to_the_newest
from tests.waiting import until

BEFORE = "0003_browser_sessions"


@pytest.fixture
async def old_database(settings: Settings) -> AsyncIterator[tuple[str, asyncpg.Connection]]:
    """A database as it was before there were events: its URL, and a connection to it."""
    async with database_at(settings, BEFORE) as database:
        yield database


async def test_mailings_and_a_held_channel_are_told_of_as_far_as_their_rows_know(
    old_database: tuple[str, asyncpg.Connection],
) -> None:
    # Given a mailing that ended before all was sent, one that was cancelled, and one that waits
    url, old = old_database
    await old.execute(
        """
        INSERT INTO mailing (text, text_version, starts_at, ends_at, operator_codes, tags, status, revision,
                             selection_cursor, created_at, started_at, selected_at, ended_at, closed_as)
        SELECT 'Hello', 1, at, at + interval '1 day', '{}', '{}', status, 1, 0, at, started_at, started_at, ended_at,
               closed_as
        FROM (VALUES
            ('2026-01-01Z'::timestamptz, 'FINISHED', '2026-01-02Z'::timestamptz, '2026-01-03Z'::timestamptz, 'EXPIRED'),
            ('2026-01-01Z', 'CANCELLED', NULL, '2026-01-03Z', 'CANCELLED'),
            ('2026-01-01Z', 'SCHEDULED', NULL, NULL, NULL)
        ) AS past (at, status, started_at, ended_at, closed_as)
        """
    )
    await old.execute("UPDATE provider_channel SET state = 'OPEN', cause = 'FAILURES', since = '2026-01-05Z'")

    # When
    migrate_to_the_newest(url)

    # Then
    rows = await old.fetch("SELECT subject_id, kind, extract(day FROM at)::int AS day FROM event ORDER BY id")
    assert [tuple(row) for row in rows] == [
        (1, "CREATED", 1),
        (1, "STARTED", 2),
        (1, "AUDIENCE_SELECTED", 2),
        (1, "EXPIRED", 3),
        (1, "FINISHED", 3),
        (2, "CREATED", 1),
        (2, "CANCELLED", 3),
        (3, "CREATED", 1),
        (0, "HELD", 5),
    ]


async def test_it_gives_way_to_a_worker_that_is_about_to_wait_for_it(
    old_database: tuple[str, asyncpg.Connection],
) -> None:
    # Given a step of a selection that has written its messages, and is still to write to the mailing
    url, old = old_database
    await old.execute(
        """
        INSERT INTO mailing (text, text_version, starts_at, ends_at, operator_codes, tags, status, revision,
                             selection_cursor)
        VALUES ('Hello', 1, now(), now() + interval '1 day', '{}', '{}', 'RUNNING', 1, 0);
        INSERT INTO client (phone, operator_code, tag, timezone) VALUES (79160000001, '916', '', 'UTC')
        """
    )
    step = old.transaction()
    await step.start()
    await old.execute(
        "INSERT INTO message (mailing_id, client_id, operator_code, tag, timezone) VALUES (1, 1, '916', '', 'UTC')"
    )

    # When the migration runs into it
    migration = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mailing", "migrate", env=environment(url), stdout=asyncio.subprocess.DEVNULL
    )
    await until(lambda: _somebody_waits_for(old, "client", "message"), seconds=30)
    await old.execute("UPDATE mailing SET selection_cursor = 1")
    await step.commit()

    # Then both are done
    assert await asyncio.wait_for(migration.wait(), 60) == 0
    assert await old.fetchval("SELECT selection_cursor FROM mailing") == 1


async def _somebody_waits_for(connection: asyncpg.Connection, *tables: str) -> bool:
    return bool(
        await connection.fetchval(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = ANY($1::text[]::regclass[]::oid[])", tables
        )
    )
