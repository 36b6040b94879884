"""Starting in SQL."""

from datetime import timedelta

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


async def mark_started(mailing_id: int) -> timedelta | None:
    """Make it RUNNING if it is scheduled and due. For exactly one of those who try at the same time: how late it is.

    That is since it could have been started: its start, or when it was made or edited last, if that was later.
    """
    lag: timedelta | None = await fetch_value(
        """
        WITH before AS (
            SELECT id, updated_at FROM mailing WHERE id = $1 FOR UPDATE
        )
        UPDATE mailing m SET status = 'RUNNING', started_at = now(), updated_at = now(), revision = revision + 1,
                             woken_at = now()
        FROM before b
        WHERE m.id = b.id AND m.status = 'SCHEDULED' AND m.starts_at <= now() AND m.deleted_at IS NULL
        RETURNING greatest(now() - greatest(m.starts_at, b.updated_at), '0') AS lag
        """,
        mailing_id,
    )
    return lag
