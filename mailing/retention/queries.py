"""Retention in SQL.

No trigger runs where messages and attempts are deleted, so whatever is counted of them stays. Rows of a mailing come
and go under nobody's eyes once `messages_removed_at` is set: every answer looks at that mark first.
"""

from dataclasses import dataclass
from datetime import datetime

from mailing.db.orm import fetch, fetch_one, fetch_value
from mailing.messages.counter_queries import COUNTER_TOTAL

# It is over, and nobody can write a result of it any more: a worker that fell silent is waited for.
_OVER = """
    m.status IN ('FINISHED', 'CANCELLED') AND m.deleted_at IS NULL
    AND NOT EXISTS (SELECT FROM delivery_slot s WHERE s.mailing_id = m.id AND s.token IS NOT NULL)
    AND NOT EXISTS (
        SELECT FROM message_count c WHERE c.mailing_id = m.id AND c.dimension = '' HAVING sum(c.sending) <> 0
    )
"""
_KEPT = f"m.emptied_at IS NULL AND m.messages_removed_at IS NULL AND {_OVER}"
_HALF_EMPTIED = "m.messages_removed_at IS NOT NULL AND m.emptied_at IS NULL AND m.deleted_at IS NULL"
_MESSAGES = f"""
    (SELECT coalesce(sum({COUNTER_TOTAL}), 0)::bigint FROM message_count c
     WHERE c.mailing_id = m.id AND c.dimension = '' AND c.value = '')
"""

REMOVE_PIECE = """
    WITH gone AS (
        DELETE FROM message WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM message WHERE mailing_id = $1 AND client_id > $2
            ORDER BY client_id LIMIT {limit:d} FOR UPDATE SKIP LOCKED
        )) RETURNING id, client_id
    ), tried AS (
        DELETE FROM delivery_attempt USING gone WHERE message_id = gone.id RETURNING message_id
    )
    SELECT count(*) AS messages, (SELECT count(*) FROM tried) AS attempts, max(client_id) AS last_client_id FROM gone
"""
"""Format with a limit; see `remove_piece`."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What there is to remove."""

    mailings: int
    messages: int
    first_ended_at: datetime | None
    last_ended_at: datetime | None
    """Of the mailings, by their ends; None without any."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one step has removed."""

    messages: int
    attempts: int
    last_client_id: int | None
    """Whose message was the last in the order of client ids; None without any."""


async def what_waits(ended_before: datetime) -> Waiting:
    """All that a removal would remove, the rest of those that are half done included. Mailings without messages are
    left out. Messages are counted by the counters, so this costs the same for any number of them."""
    row = await fetch_one(
        f"""
        SELECT count(*) AS mailings, coalesce(sum(messages), 0)::bigint AS messages,
               min(ended_at) AS first_ended_at, max(ended_at) AS last_ended_at
        FROM (
            SELECT m.ended_at, {_MESSAGES} AS messages FROM mailing m WHERE m.ended_at < $1 AND {_KEPT}
            UNION ALL
            SELECT m.ended_at, (SELECT count(*) FROM message WHERE mailing_id = m.id) FROM mailing m
            WHERE {_HALF_EMPTIED}
        ) AS old
        WHERE messages > 0
        """,
        ended_before,
    )
    return Waiting(**row)


async def half_emptied_mailing() -> int | None:
    """One that is marked and still has rows, perhaps: somebody was interrupted, or is at it."""
    found: int | None = await fetch_value(f"SELECT m.id FROM mailing m WHERE {_HALF_EMPTIED} ORDER BY m.id LIMIT 1")
    return found


async def oldest_mailing(ended_before: datetime) -> int | None:
    """The one that ended first, of those that ended before that and still have their messages."""
    found: int | None = await fetch_value(
        f"SELECT m.id FROM mailing m WHERE m.ended_at < $1 AND {_KEPT} ORDER BY m.ended_at, m.id LIMIT 1", ended_before
    )
    return found


async def mark_removed(mailing_id: int, ended_before: datetime) -> int | None:
    """Take the mailing's messages from every answer; how many they are, or None if that is not to be done any more.

    One that has none is done with, and not marked: nothing of it is missing.
    """
    rows = await fetch(
        f"""
        UPDATE mailing m SET messages_removed_at = CASE WHEN counted.messages > 0 THEN now() END,
                             emptied_at = CASE WHEN counted.messages = 0 THEN now() END
        FROM (SELECT {_MESSAGES} AS messages FROM mailing m WHERE m.id = $1) AS counted
        WHERE m.id = $1 AND m.ended_at < $2 AND {_KEPT}
        RETURNING counted.messages
        """,
        mailing_id,
        ended_before,
    )
    return rows[0]["messages"] if rows else None


async def tell_of_removal(mailing_id: int, messages: int, days: int) -> None:
    """Leave an event for the mailing's timeline: how many there were, and for how many days they are kept."""
    await fetch(
        """
        SELECT record_event(
            'mailing', $1, 'MESSAGES_REMOVED', jsonb_build_object('messages', $2::bigint, 'days', $3::int)
        )
        """,
        mailing_id,
        messages,
        days,
    )


async def remove_piece(mailing_id: int, after_client_id: int, limit: int) -> Piece:
    """Remove up to `limit` messages of clients with higher ids, and all their attempts.

    Passes by what somebody else has locked, so it waits for nobody. Reads on from where the last piece ended, for to
    begin anew would be to read through all that is removed and not vacuumed yet. By their places in the table, so that
    attempts are looked up by the index, whatever is guessed of their number.
    """
    row = await fetch_one(REMOVE_PIECE.format(limit=limit), mailing_id, after_client_id)
    return Piece(**row)


async def mark_emptied(mailing_id: int) -> bool:
    """Note that no message of the mailing is left; False if there are some."""
    return bool(
        await fetch_value(
            """
            UPDATE mailing SET emptied_at = now()
            WHERE id = $1 AND messages_removed_at IS NOT NULL AND emptied_at IS NULL
              AND NOT EXISTS (SELECT FROM message WHERE mailing_id = $1)
            RETURNING true
            """,
            mailing_id,
        )
    )
