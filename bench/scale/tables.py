"""Fills the tables, and tells how large they are."""

from collections.abc import Callable
from dataclasses import dataclass

import asyncpg

from bench import history_queries
from mailing.db.orm import fetch

FRESH_TAG = "fresh"
"""Of those clients to whom the measured mailings go: the same number of them in an empty and in a full database."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of one table, in bytes."""

    table: str
    rows: int
    data: int
    indexes: int


async def add_fresh_clients(count: int) -> None:
    await fetch(
        """
        INSERT INTO client (phone, operator_code, tag, timezone)
        SELECT 78000000000 + i, (900 + i % 80)::text, $2,
               (ARRAY['Europe/Moscow', 'Asia/Omsk', 'Asia/Vladivostok'])[1 + i % 3]
        FROM generate_series(1, $1::int) i
        """,
        count,
        FRESH_TAG,
    )


async def fill(clients: int, mailings: int, first_client: int, advance: Callable[[int], None]) -> None:
    """As many mailings that are over, each to all of so many clients, with the counters that they would have."""
    chunk, done = history_queries.CHUNK, 0
    spans = [(first, min(first_client + clients, first + chunk) - 1)
             for first in range(first_client, first_client + clients, chunk)]  # fmt: skip
    for first, last in spans:
        await history_queries.add_clients(first, last)
    for n in range(mailings):
        mailing = await history_queries.add_mailing(300 - n % 290, is_over=True)
        for first, last in spans:
            await history_queries.add_messages(mailing, first, last)
            done += last - first + 1
            advance(done)
        await _count(mailing)


async def settle(url: str) -> None:
    """Do at once what the server would do by itself in the next minutes, beside what is measured."""
    connection = await asyncpg.connect(url)  # Without the time limit that the service's statements have.
    try:
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def sizes() -> list[Size]:
    """The largest first; empty tables are left out."""
    rows = await fetch(
        """
        SELECT relname AS table, greatest(reltuples, 0)::bigint AS rows,
               pg_table_size(oid) AS data, pg_indexes_size(oid) AS indexes
        FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_total_relation_size(oid) > 1000000
        ORDER BY pg_total_relation_size(oid) DESC
        """
    )
    return [Size(**row) for row in rows]


async def index_sizes(table: str) -> list[tuple[str, int]]:
    """Its indexes and their bytes, the largest first."""
    rows = await fetch(
        """
        SELECT indexrelid::regclass::text AS name, pg_relation_size(indexrelid) AS bytes FROM pg_index
        WHERE indrelid = $1::text::regclass ORDER BY 2 DESC
        """,
        table,
    )
    return [(row["name"], row["bytes"]) for row in rows]


async def _count(mailing_id: int) -> None:
    """The counters that triggers would have kept: the messages were written past them."""
    await fetch(
        """
        INSERT INTO message_count (mailing_id, dimension, value, shard, pending, sent, failed)
        SELECT mailing_id, dimension, value, 0, count(*) FILTER (WHERE status = 'PENDING'),
               count(*) FILTER (WHERE status = 'SENT'), count(*) FILTER (WHERE status = 'FAILED')
        FROM message CROSS JOIN LATERAL (VALUES
            ('', ''), ('operator_code', operator_code), ('tag', tag), ('timezone', timezone), ('reason', reason)
        ) AS property (dimension, value)
        WHERE mailing_id = $1 AND value IS NOT NULL
        GROUP BY 1, 2, 3
        """,
        mailing_id,
    )
