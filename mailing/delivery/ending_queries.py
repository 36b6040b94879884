"""Closing and finishing mailings in SQL. All of it under `lock_mailing_structure`."""

from mailing.db.orm import fetch, fetch_value
from mailing.models.message import MessageStatus


async def mark_closed(mailing_id: int, closed_as: MessageStatus) -> bool:
    """Nothing more is sent: what is still pending has become `closed_as`. False if it was closed before.

    The first statement waits for every result that is being written, and lets none begin until the commit; so the
    second sees counters that stand still. No message's row is touched, however many there are.
    """
    closed = await fetch_value(
        """
        UPDATE mailing SET closed_as = $2, revision = revision + 1, updated_at = now()
        WHERE id = $1 AND closed_as IS NULL RETURNING id
        """,
        mailing_id,
        closed_as.value,
    )
    if closed is not None:
        await settle_pending_counts(mailing_id, closed_as)
    return closed is not None


async def settle_pending_counts(mailing_id: int, closed_as: MessageStatus) -> None:
    """Count as `closed_as` what the counters still call pending, and as UNCONFIRMED what may have been accepted."""
    column = {MessageStatus.EXPIRED: "expired", MessageStatus.CANCELLED: "cancelled"}[closed_as]
    await fetch(
        f"""
        UPDATE message_count
        SET {column} = {column} + pending - uncertain, unconfirmed = unconfirmed + uncertain, pending = 0, uncertain = 0
        WHERE mailing_id = $1 AND (pending <> 0 OR uncertain <> 0)
        """,
        mailing_id,
    )


async def mark_finished(mailing_id: int) -> bool:
    """Make it FINISHED if its audience is complete and every message has a final state."""
    finished = await fetch_value(
        """
        UPDATE mailing SET status = 'FINISHED', ended_at = now(), updated_at = now(), revision = revision + 1
        WHERE id = $1 AND status IN ('RUNNING', 'PAUSED') AND selected_at IS NOT NULL AND recheck_cursor IS NULL
          AND NOT EXISTS (
            SELECT FROM message_count WHERE mailing_id = $1 AND dimension = ''
            HAVING sum(pending) <> 0 OR sum(sending) <> 0
          )
        RETURNING id
        """,
        mailing_id,
    )
    return finished is not None


async def mailings_past_their_end(limit: int) -> list[int]:
    """Those that run or are paused, whose end has come and which are not closed yet, longest past first."""
    rows = await fetch(
        """
        SELECT id FROM mailing
        WHERE status IN ('RUNNING', 'PAUSED') AND ends_at <= now() AND closed_as IS NULL
        ORDER BY ends_at LIMIT $1
        """,
        limit,
    )
    return [row["id"] for row in rows]


async def mailings_that_may_be_done(limit: int) -> list[int]:
    """Those with a complete audience of which nothing is pending or being sent."""
    rows = await fetch(
        """
        SELECT id FROM mailing m
        WHERE status IN ('RUNNING', 'PAUSED') AND selected_at IS NOT NULL AND recheck_cursor IS NULL
          AND NOT EXISTS (
            SELECT FROM message_count c WHERE c.mailing_id = m.id AND dimension = ''
            HAVING sum(pending) <> 0 OR sum(sending) <> 0
          )
        LIMIT $1
        """,
        limit,
    )
    return [row["id"] for row in rows]
