"""What the database was asked, counted by PostgreSQL itself (pg_stat_statements)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg

from bench.figures import Grid
from mailing.db.orm import fetch, fetch_one

# The first pattern that fits names the class. Counters are what triggers do: a part of the statement that set them off.
_CLASSES: Final = {
    "claims": "%claimed AS (%",
    "records": "%INSERT INTO delivery_attempt%",
    "selection": "%INSERT INTO message AS m%",
    "statistics": "%ranked AS (%",
    "progress": "%tallied.accepted%",
}
_COUNTERS: Final = "counters, a part of these"


@dataclass(frozen=True, slots=True)
class StatementClass:
    """Calls, and the time inside PostgreSQL without planning."""

    calls: int
    seconds: float
    longest_ms: float

    @property
    def mean_ms(self) -> float:
        return self.seconds * 1000 / max(self.calls, 1)


def watch_statements(database_url: str) -> None:
    """Have the server count statements from its next start on."""
    _execute(
        database_url,
        "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'",
        "CREATE EXTENSION pg_stat_statements",
    )


def watch_triggers(database_url: str) -> None:
    """Have it count what triggers do, too, after that start."""
    _execute(database_url, "ALTER SYSTEM SET pg_stat_statements.track = 'all'", "SELECT pg_reload_conf()")


async def forget_statements() -> None:
    """Count from zero."""
    await fetch_one("SELECT pg_stat_statements_reset()")


async def read_statements() -> dict[str, StatementClass]:
    """What was asked since `forget_statements` by class, the questions of this process included."""
    cases = " ".join(f"WHEN query LIKE '{pattern}' THEN '{name}'" for name, pattern in _CLASSES.items())
    rows = await fetch(
        f"""
        SELECT name, sum(calls)::bigint AS calls, sum(total_exec_time) / 1000 AS seconds,
               max(max_exec_time) AS longest_ms
        FROM (
            SELECT *, CASE WHEN NOT toplevel THEN '{_COUNTERS}' {cases} ELSE 'others' END AS name
            FROM pg_stat_statements
            WHERE toplevel OR query LIKE '%INSERT INTO message_count%' OR query LIKE '%INSERT INTO mailing_tally%'
        ) AS statement
        GROUP BY name ORDER BY seconds DESC
        """
    )
    return {row["name"]: StatementClass(row["calls"], row["seconds"], row["longest_ms"]) for row in rows}


def statement_grid(messages: int, statements: Mapping[str, StatementClass]) -> Grid:
    """What the database was asked for each message."""
    return Grid(
        "Statements",
        ("kind", "messages to one", "mean, ms", "longest, ms", "µs a message"),
        [
            (
                name,
                f"{messages / max(one.calls, 1):.0f}",
                f"{one.mean_ms:.2f}",
                f"{one.longest_ms:.1f}",
                f"{one.seconds / max(messages, 1) * 1e6:.1f}",
            )
            for name, one in statements.items()
        ],
    )


def _execute(database_url: str, *statements: str) -> None:
    async def ask() -> None:
        connection = await asyncpg.connect(database_url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(ask())
