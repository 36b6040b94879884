"""What the bench of retention asks and changes past the product."""

from collections.abc import Mapping

from bench import history_queries
from mailing.db.orm import fetch, fetch_value
from mailing.db.unit_of_work import unit_of_work


async def add_mailing(days_ago: int, clients: int, *, is_over: bool) -> int:
    """A mailing to the clients from 1, with its counters; the one that is not over may be sent at any hour."""
    mailing_id = await history_queries.add_mailing(days_ago, is_over=is_over)
    await fetch("UPDATE mailing SET window_opens_at = NULL, window_closes_at = NULL WHERE id = $1", mailing_id)
    for first in range(1, clients + 1, history_queries.CHUNK):
        await history_queries.add_messages(mailing_id, first, min(clients, first + history_queries.CHUNK - 1))
    await fetch(
        """
        INSERT INTO message_count (mailing_id, dimension, value, shard, pending, sent, failed)
        SELECT mailing_id, dimension, value, 0, count(*) FILTER (WHERE status = 'PENDING'),
               count(*) FILTER (WHERE status = 'SENT'), count(*) FILTER (WHERE status = 'FAILED')
        FROM message CROSS JOIN LATERAL (VALUES ('', ''), ('timezone', timezone)) AS property (dimension, value)
        WHERE mailing_id = $1 GROUP BY 1, 2, 3
        """,
        mailing_id,
    )
    return mailing_id


async def remove_in_one_statement(mailing_id: int) -> None:
    """The floor: as quickly as rows can be deleted, with their attempts, whatever else waits meanwhile."""
    await fetch(
        """
        WITH gone AS (DELETE FROM message WHERE mailing_id = $1 RETURNING id)
        DELETE FROM delivery_attempt USING gone WHERE message_id = gone.id
        """,
        mailing_id,
    )


async def forget_mailing(mailing_id: int) -> None:
    """So that it does not count as kept."""
    async with unit_of_work():
        for table in ("message_count", "mailing_text"):
            await fetch(f"DELETE FROM {table} WHERE mailing_id = $1", mailing_id)
        await fetch("DELETE FROM mailing WHERE id = $1", mailing_id)


async def count_rows(table: str) -> int:
    count: int = await fetch_value(f"SELECT count(*) FROM {table}")
    return count


async def vacuum() -> None:
    """What autovacuum does when its time comes."""
    for table in ("message", "delivery_attempt"):
        await fetch(f"VACUUM ANALYZE {table}")


async def sizes() -> Mapping[str, float]:
    """In MB, indexes included."""
    return {table: size for table, size in (await history_queries.sizes()).items() if table in _MEASURED}


_MEASURED = ("message", "delivery_attempt")
