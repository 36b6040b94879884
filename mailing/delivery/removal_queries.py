"""Removing in SQL."""

from mailing.db.orm import fetch, fetch_value
from mailing.db.unit_of_work import unit_of_work


async def is_deleted(mailing_id: int) -> bool:
    """Whether the mailing is there and marked as deleted."""
    return bool(await fetch_value("SELECT true FROM mailing WHERE id = $1 AND deleted_at IS NOT NULL", mailing_id))


async def has_pumps(mailing_id: int) -> bool:
    """Whether a worker still holds one of the mailing's slots."""
    return bool(
        await fetch_value(
            "SELECT true FROM delivery_slot WHERE mailing_id = $1 AND token IS NOT NULL LIMIT 1", mailing_id
        )
    )


async def remove_messages(mailing_id: int, limit: int) -> bool:
    """Remove up to `limit` messages with their attempts; tells whether there were any."""
    removed = await fetch_value(
        """
        WITH gone AS (
            DELETE FROM message WHERE id IN (SELECT id FROM message WHERE mailing_id = $1 LIMIT $2) RETURNING id
        ), attempts AS (
            DELETE FROM delivery_attempt USING gone WHERE message_id = gone.id
        )
        SELECT count(*) FROM gone
        """,
        mailing_id,
        limit,
    )
    return bool(removed)


async def remove_mailing(mailing_id: int) -> None:
    """Remove the mailing's own rows, its mark last."""
    async with unit_of_work():
        for table in ("delivery_slot", "message_count", "mailing_tally", "history_tally", "mailing_text"):
            await fetch(f"DELETE FROM {table} WHERE mailing_id = $1", mailing_id)
        await fetch("DELETE FROM mailing WHERE id = $1 AND deleted_at IS NOT NULL", mailing_id)


async def forget_old_tallies() -> None:
    """Drop the accepted-per-second counts that no rate needs any more."""
    await fetch("DELETE FROM mailing_tally WHERE second < now() - interval '1 hour'")
