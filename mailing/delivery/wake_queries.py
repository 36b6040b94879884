"""Which mailings a worker should look at, in SQL. Each answer notes that the wake-up was sent, so that it is sent
once every few seconds rather than by every sweep, and by one of several schedulers."""

from datetime import timedelta

from mailing.db.orm import fetch, fetch_value
from mailing.delivery.urgency import seconds_until_closing

WAKE_AGAIN = timedelta(seconds=5)
"""A wake-up that had no effect by then is taken for lost, and repeated.

One for a slot may also wait in the queue of busy workers, so each repetition waits twice as long, up to 16 times.
"""

_WITH_DUE = f"""open_zone AS (
        SELECT m.id, c.value AS zone,
               least(m.ends_at, now() + {seconds_until_closing("c.value", "m.window_closes_at")} * interval '1 s')
                   AS deadline,
               m.selected_at IS NOT NULL AS is_complete
        FROM mailing m JOIN message_count c ON c.mailing_id = m.id AND c.dimension = 'timezone'
        WHERE m.status = 'RUNNING' AND m.closed_as IS NULL AND m.recheck_cursor IS NULL AND now() < m.ends_at
        GROUP BY m.id, c.value
        HAVING sum(c.pending) > 0
           AND window_is_open(c.value, m.window_opens_at, m.window_closes_at, now())
    ), with_due AS (
        SELECT z.id, min(z.deadline) AS deadline, z.is_complete FROM open_zone z
        WHERE EXISTS (
            SELECT FROM message
            WHERE mailing_id = z.id AND timezone = z.zone AND status = 'PENDING' AND due_at <= now()
        )
        GROUP BY z.id, z.is_complete
    )"""
"""Mailings with messages that are due in an open window, and until when that is open."""


async def wake_selections(limit: int) -> list[int]:
    """Started mailings whose audience is not complete."""
    rows = await fetch(
        """
        UPDATE mailing SET woken_at = now()
        WHERE id IN (
            SELECT id FROM mailing
            WHERE status IN ('RUNNING', 'PAUSED') AND deleted_at IS NULL
              AND (selected_at IS NULL OR recheck_cursor IS NOT NULL)
              AND (woken_at IS NULL OR woken_at < now() - $2::interval)
            ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
        )
        RETURNING id
        """,
        limit,
        WAKE_AGAIN,
    )
    return [row["id"] for row in rows]


async def wake_removals(limit: int) -> list[int]:
    """Deleted mailings that are still there."""
    rows = await fetch(
        """
        UPDATE mailing SET woken_at = now()
        WHERE id IN (
            SELECT id FROM mailing
            WHERE deleted_at IS NOT NULL AND (woken_at IS NULL OR woken_at < now() - $2::interval)
            ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
        )
        RETURNING id
        """,
        limit,
        WAKE_AGAIN,
    )
    return [row["id"] for row in rows]


async def wake_pumps(limit: int, *, by_chance: bool = False) -> list[int]:
    """One entry for each free slot of a mailing that has messages due in an open window, at most `limit`.

    Every mailing has its first slot before any has its second, and the one whose end or window comes first is first,
    or any `by_chance`. A wake-up from before the channel to the provider was opened or closed last counts no more: when
    it closes, all are woken together, or those that had waited longest in vain would come last.
    While its audience is being written, a mailing has no second: more pumps would not send more, but hold that up.
    """
    rows = await fetch(
        f"""
        WITH {_WITH_DUE}, free AS (
            SELECT s.mailing_id, s.slot, d.deadline FROM delivery_slot s JOIN with_due d ON d.id = s.mailing_id
            WHERE s.token IS NULL AND (d.is_complete OR s.slot = 0)
              AND (s.woken_at IS NULL OR s.woken_at < greatest(
                  now() - $2::interval * 2 ^ least(s.wakes - 1, 4), (SELECT since FROM provider_channel)
              ))
            ORDER BY s.slot, CASE WHEN $3::bool THEN random() END, d.deadline LIMIT $1 FOR UPDATE OF s SKIP LOCKED
        ), woken AS (
            UPDATE delivery_slot s SET woken_at = now(), wakes = least(s.wakes + 1, 100) FROM free
            WHERE s.mailing_id = free.mailing_id AND s.slot = free.slot
            RETURNING s.mailing_id, s.slot, free.deadline
        )
        SELECT mailing_id FROM woken ORDER BY slot, deadline
        """,
        limit,
        WAKE_AGAIN,
        by_chance,
    )
    return [row["mailing_id"] for row in rows]


async def count_mailings_due() -> int:
    """How many mailings have messages that could leave right now, if nothing but the engine stood in their way."""
    count: int = await fetch_value(f"WITH {_WITH_DUE} SELECT count(*) FROM with_due")
    return count


async def forget_wake_ups(mailing_ids: list[int]) -> None:
    """Let the next look wake these for their selection or removal again, instead of waiting for an effect."""
    await fetch("UPDATE mailing SET woken_at = NULL WHERE id = ANY($1::bigint[])", mailing_ids)


async def forget_pump_wake_ups(mailing_ids: list[int]) -> None:
    """Let the next look wake the free slots of these again."""
    await fetch(
        """
        UPDATE delivery_slot SET woken_at = NULL, wakes = 0
        WHERE mailing_id = ANY($1::bigint[]) AND token IS NULL AND woken_at IS NOT NULL
        """,
        mailing_ids,
    )
