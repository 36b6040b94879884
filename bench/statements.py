"""What the database was asked, counted by PostgreSQL itself (pg_stat_statements)."""

import asyncio
from dataclasses import dataclass

import asyncpg

from mailing.db.orm import fetch_one


@dataclass(frozen=True, slots=True)
class Statements:
    """Calls and the time inside PostgreSQL, since `forget_statements`."""

    claims: int
    claim_seconds: float
    records: int
    record_seconds: float
    others: int
    other_seconds: float

    @property
    def total(self) -> int:
        return self.claims + self.records + self.others


def watch_statements(database_url: str) -> None:
    """Have the server count statements from its next start on."""

    async def ask() -> None:
        connection = await asyncpg.connect(database_url)
        try:
            await connection.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
            await connection.execute("CREATE EXTENSION pg_stat_statements")
        finally:
            await connection.close()

    asyncio.run(ask())


async def forget_statements() -> None:
    """Count from zero."""
    await fetch_one("SELECT pg_stat_statements_reset()")


async def read_statements() -> Statements:
    """What was asked since `forget_statements`, the questions of this process included."""
    row = await fetch_one(
        """
        SELECT coalesce(sum(calls) FILTER (WHERE kind = 'claim'), 0)::bigint AS claims,
               coalesce(sum(total_exec_time) FILTER (WHERE kind = 'claim'), 0) / 1000 AS claim_seconds,
               coalesce(sum(calls) FILTER (WHERE kind = 'record'), 0)::bigint AS records,
               coalesce(sum(total_exec_time) FILTER (WHERE kind = 'record'), 0) / 1000 AS record_seconds,
               coalesce(sum(calls) FILTER (WHERE kind = 'other'), 0)::bigint AS others,
               coalesce(sum(total_exec_time) FILTER (WHERE kind = 'other'), 0) / 1000 AS other_seconds
        FROM (
            SELECT calls, total_exec_time,
                   CASE WHEN query LIKE '%claimed AS (%' THEN 'claim'
                        WHEN query LIKE '%INSERT INTO delivery_attempt%' THEN 'record' ELSE 'other' END AS kind
            FROM pg_stat_statements
        ) AS statement
        """
    )
    return Statements(**row)
