"""Starting in SQL."""

from mailing.db.orm import fetch, fetch_value


async def scheduled_and_due(limit: int) -> list[int]:
    """Mailings whose start has come, longest overdue first."""
    rows = await fetch(
        """
        SELECT id FROM mailing WHERE status = 'SCHEDULED' AND starts_at <= now() AND deleted_at IS NULL
        ORDER BY starts_at LIMIT $1
        """,
        limit,
    )
    return [row["id"] for row in rows]


async def mark_started(mailing_id: int) -> bool:
    """Make it RUNNING if it is scheduled and due. True for exactly one of those who try at the same time."""
    started = await fetch_value(
        """
        UPDATE mailing SET status = 'RUNNING', started_at = now(), updated_at = now(), revision = revision + 1,
                           woken_at = now()
        WHERE id = $1 AND status = 'SCHEDULED' AND starts_at <= now() AND deleted_at IS NULL
        RETURNING id
        """,
        mailing_id,
    )
    return started is not None
