"""Mailings that were over long ago, as the engine and its triggers leave them."""

from dataclasses import dataclass
from typing import Any

from mailing.models.message import MessageStatus
from tests.conftest import Sql
from tests.messages.stored import close, set_status, store_mailing, store_many, store_message


async def store_old_mailing(sql: Sql, *, days_ago: float, messages: int = 5) -> int:
    """FINISHED that long ago, with so many messages, all sent with one try."""
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, messages)
    await _send_all(sql, mailing_id)
    await end(sql, mailing_id, days_ago=days_ago)
    return mailing_id


async def store_varied_mailing(sql: Sql, *, days_ago: float) -> int:
    """EXPIRED that long ago, with messages of every final status, of several operators, tags, zones and reasons."""
    mailing_id = await store_mailing(sql)
    ids = [
        await store_message(
            sql,
            mailing_id,
            client_id,
            operator_code=f"90{client_id % 3}",
            tag=("", "vip", "new")[client_id % 3],
            timezone=("Europe/Moscow", "Asia/Omsk")[client_id % 2],
        )
        for client_id in range(1, 21)
    ]
    await set_status(sql, ids[:8], MessageStatus.SENT)
    await sql("UPDATE message SET sent_at = now() WHERE status = 'SENT'")
    await set_status(sql, ids[8:12], MessageStatus.FAILED)
    await set_status(sql, ids[12:14], MessageStatus.UNCONFIRMED)
    await set_status(sql, ids[14:15], MessageStatus.CANCELLED)
    await set_status(sql, ids[15:17], MessageStatus.PENDING, uncertain=True)
    await try_all(sql, mailing_id)
    await close(sql, mailing_id, MessageStatus.EXPIRED)
    await end(sql, mailing_id, days_ago=days_ago)
    return mailing_id


async def end(sql: Sql, mailing_id: int, *, days_ago: float) -> None:
    """Let it have ended then, and started an hour before."""
    await sql(
        """
        UPDATE mailing SET status = CASE status WHEN 'CANCELLED' THEN status ELSE 'FINISHED' END,
                           started_at = now() - make_interval(secs => $2::float8 * 86400 + 3600),
                           ended_at = now() - make_interval(secs => $2::float8 * 86400)
        WHERE id = $1
        """,
        mailing_id,
        float(days_ago),
    )


async def try_all(sql: Sql, mailing_id: int) -> None:
    """One request for each message, and for every fourth another one."""
    await sql(
        """
        INSERT INTO delivery_attempt (message_id, number, started_at, duration_ms, outcome)
        SELECT id, n, now(), 10, 'ACCEPTED' FROM message CROSS JOIN generate_series(1, 2) n
        WHERE mailing_id = $1 AND (n = 1 OR client_id % 4 = 0)
        """,
        mailing_id,
    )


@dataclass(frozen=True, slots=True)
class Left:
    """What a mailing still has."""

    messages: int
    attempts: int
    is_marked: bool
    is_emptied: bool


async def left_of(sql: Sql, mailing_id: int) -> Left:
    (row,) = await sql(
        """
        SELECT (SELECT count(*) FROM message WHERE mailing_id = m.id) AS messages,
               (SELECT count(*) FROM delivery_attempt JOIN message ON id = message_id WHERE mailing_id = m.id)
                   AS attempts,
               messages_removed_at IS NOT NULL AS is_marked, emptied_at IS NOT NULL AS is_emptied
        FROM mailing m WHERE id = $1
        """,
        mailing_id,
    )
    return Left(**row)


async def events_of_removal(sql: Sql) -> list[dict[str, Any]]:
    return [
        dict(row)
        for row in await sql(
            """
            SELECT subject_id, acted_by, (details->>'messages')::int AS messages, (details->>'days')::int AS days
            FROM event WHERE kind = 'MESSAGES_REMOVED' ORDER BY id
            """
        )
    ]


async def _send_all(sql: Sql, mailing_id: int) -> None:
    await sql("UPDATE message SET status = 'SENT', sent_at = now(), attempts = 1 WHERE mailing_id = $1", mailing_id)
    await try_all(sql, mailing_id)
