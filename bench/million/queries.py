"""What a large mailing's measurement asks of the database."""

from dataclasses import dataclass

from mailing.db.orm import fetch, fetch_one, fetch_value


@dataclass(frozen=True, slots=True)
class Size:
    """Of the database, and of what a message takes in it."""

    megabytes: float
    message_mb: float
    message_indexes_mb: float
    attempts_mb: float
    dead_rows: int
    autovacuums: int
    """Of the message table since the server started."""
    checkpoints: int


async def read_size() -> Size:
    row = await fetch_one(
        """
        SELECT pg_database_size(current_database()) / 1e6::float8 AS megabytes,
               pg_table_size('message') / 1e6::float8 AS message_mb,
               pg_indexes_size('message') / 1e6::float8 AS message_indexes_mb,
               pg_total_relation_size('delivery_attempt') / 1e6::float8 AS attempts_mb,
               s.n_dead_tup AS dead_rows, s.autovacuum_count AS autovacuums,
               (SELECT num_done FROM pg_stat_checkpointer) AS checkpoints
        FROM pg_stat_user_tables s WHERE s.relname = 'message'
        """
    )
    return Size(**row)


async def selection_seconds(mailing_id: int) -> float | None:
    """How long after its start all messages of the mailing were written; None: not yet."""
    seconds: float | None = await fetch_value(
        "SELECT extract(epoch FROM selected_at - starts_at)::float8 FROM mailing WHERE id = $1", mailing_id
    )
    return seconds


async def first_try_seconds(mailing_id: int) -> float | None:
    """How long after the mailing was created its first request began; None: not yet, or not written yet."""
    rows = await fetch(
        """
        SELECT extract(epoch FROM min(a.started_at) - m.created_at)::float8 AS seconds
        FROM mailing m JOIN message ON message.mailing_id = m.id JOIN delivery_attempt a ON a.message_id = message.id
        WHERE m.id = $1 GROUP BY m.id
        """,
        mailing_id,
    )
    return rows[0]["seconds"] if rows else None
