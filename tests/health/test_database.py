"""The checks of PostgreSQL, against a real one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from mailing.db.migrate import known_migrations
from mailing.db.unit_of_work import unit_of_work
from mailing.health import queries
from mailing.health.database import (
    judged,
    look_at_connections,
    look_at_database,
    look_at_database_clock,
    look_at_migrations,
    look_whether_it_answers,
)
from mailing.health.finding import Level
from mailing.health.queries import ServerFacts
from mailing.health.zones import differing, look_at_own_zones, look_at_zones
from mailing.timezones import DATA_VERSION, ZONE_NAMES
from tests.conftest import Sql

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def test_a_good_database_is_told_with_version_place_and_size(database: None) -> None:
    (found,) = await look_at_database("db.example:5432/mailing")

    assert found.level is Level.OK
    assert found.what.startswith("PostgreSQL 1")
    assert " answers at db.example:5432/mailing; the database has " in found.what
    assert [one.level for one in await look_whether_it_answers()] == [Level.OK]


@pytest.mark.parametrize(
    ("facts", "level", "what"),
    [
        (
            ServerFacts("14.9", 140009, False, 0),
            Level.PROBLEM,
            "PostgreSQL 14.9 answers at h; the database has 0 bytes.",
        ),
        (ServerFacts("15.0", 150000, False, 0), Level.OK, "PostgreSQL 15.0 answers at h; the database has 0 bytes."),
        (
            ServerFacts("18.1", 180001, True, 0),
            Level.PROBLEM,
            "PostgreSQL 18.1 at h takes no changes: it is a replica, or was made read-only.",
        ),
    ],
)
def test_one_that_cannot_be_used_is_a_problem(facts: ServerFacts, level: Level, what: str) -> None:
    found = judged(facts, "h")
    assert (found.level, found.what) == (level, what)


@pytest.mark.parametrize("error", [asyncpg.DuplicatePreparedStatementError, asyncpg.InvalidSQLStatementNameError])
async def test_a_pooler_that_does_not_know_prepared_statements_is_met_with_advice(
    error: type[asyncpg.PostgresError], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    async def fails() -> None:
        raise error('prepared statement "__asyncpg_stmt_1__" and what is wrong with it')

    monkeypatch.setattr(queries, "answers", fails)

    # When
    (found,) = await look_whether_it_answers()

    # Then
    assert found.advice is not None
    assert "MAILING_DATABASE_PREPARED_STATEMENTS=false" in found.advice


async def test_a_read_only_database_is_noticed(sql: Sql) -> None:
    async with unit_of_work():
        await sql("SET TRANSACTION READ ONLY")
        assert (await queries.server_facts()).is_read_only
    assert not (await queries.server_facts()).is_read_only


async def test_migrations_that_lack_and_those_of_a_newer_version_are_named(
    sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a database of this version, then a program of a newer one, then of an older one
    (well,) = await look_at_migrations()
    names = known_migrations()
    monkeypatch.setattr("mailing.db.migrate.known_migrations", lambda: [*names, "9999_newer"])
    (older,) = await look_at_migrations()
    monkeypatch.setattr("mailing.db.migrate.known_migrations", lambda: names[:-1])
    (newer,) = await look_at_migrations()

    # Then
    assert [(one.level, one.what) for one in (well, older, newer)] == [
        (Level.OK, "The schema is that of this version."),
        (Level.PROBLEM, "The database lacks 9999_newer."),
        (Level.WARNING, f"The database is of a newer version than this program: it has {names[-1]}."),
    ]
    assert older.advice == "Run `mailing migrate`."


@pytest.fixture
async def database_name(sql: Sql) -> AsyncIterator[str]:
    """Its name; whatever a test limits is unlimited afterwards."""
    (row,) = await sql("SELECT current_database() AS name")
    yield row["name"]
    await sql(f'ALTER DATABASE "{row["name"]}" CONNECTION LIMIT -1')
    await sql("ALTER ROLE current_user CONNECTION LIMIT -1")


async def test_there_must_be_room_for_the_connections_of_one_more_process(sql: Sql, database_name: str) -> None:
    # Given
    (plenty,) = await look_at_connections(8)
    own = await queries.own_connections()

    # When
    await sql("ALTER ROLE current_user CONNECTION LIMIT 150")
    await sql(f'ALTER DATABASE "{database_name}" CONNECTION LIMIT {own + 3}')
    (enough,) = await look_at_connections(3)
    (few,) = await look_at_connections(4)
    await sql(f'ALTER DATABASE "{database_name}" CONNECTION LIMIT {own}')
    (none,) = await look_at_connections(2)

    # Then
    assert [one.level for one in (plenty, enough, few, none)] == [
        Level.OK,
        Level.OK,
        Level.WARNING,
        Level.PROBLEM,
    ]
    assert few.what == (
        f"{own} of {own + 3} connections are taken (the CONNECTION LIMIT of the database), {own} of them by this "
        "service; each process opens up to 4."
    )
    assert few.advice is not None
    assert few.advice.endswith("or raise the CONNECTION LIMIT of the database.")


async def test_a_server_on_this_machine_shows_its_time(database: None) -> None:
    (found,) = await look_at_database_clock()
    assert (found.subject, found.level) == ("clock of the database", Level.OK)


async def test_zones_are_compared_with_the_servers_own_data(database: None) -> None:
    assert await queries.zones_that_never_open(["Europe/Moscow", "Europe/Atlantis", "CET"]) == ["Europe/Atlantis"]
    assert await queries.offsets(["Europe/Berlin", "CET"], [NOW, NOW + timedelta(days=200)]) == {
        "Europe/Berlin": [timedelta(hours=2), timedelta(hours=1)]
    }
    found = await look_at_zones(NOW)
    assert {one.subject for one in found} == {"time zones of the database"}


async def test_a_zone_that_the_server_does_not_know_is_told(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailing.health.zones.ZONE_NAMES", frozenset({"Europe/Moscow", "Europe/Atlantis"}))

    (found,) = await look_at_zones(NOW)

    assert (found.level, found.what) == (
        Level.WARNING,
        "PostgreSQL does not know 1 zone (Europe/Atlantis): mailings with a window are never sent there.",
    )


def test_a_zone_differs_where_one_moment_does() -> None:
    moments = [NOW, NOW + timedelta(days=200)]
    assert differing(
        {
            "Europe/Moscow": [timedelta(hours=3), timedelta(hours=3)],
            "Europe/Berlin": [timedelta(hours=2), timedelta(hours=2)],
        },
        moments,
    ) == ["Europe/Berlin"]


@pytest.mark.parametrize(("version", "level"), [("2026a", Level.OK), ("2025c", Level.OK), ("2024b", Level.WARNING)])
async def test_zone_data_of_years_ago_are_told(version: str, level: Level) -> None:
    (found,) = await look_at_own_zones(version, NOW)
    assert (found.level, found.what) == (level, f"This program has the zone data {version}.")


def test_the_zone_data_have_a_version_and_names() -> None:
    assert (DATA_VERSION[:2], "Europe/Moscow" in ZONE_NAMES) == ("20", True)
