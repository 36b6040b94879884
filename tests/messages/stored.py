"""Writes mailings and messages as they stand in the tables, past all rules."""

from collections.abc import Collection
from datetime import datetime

from mailing.models.message import MessageStatus
from tests.conftest import Sql


async def store_mailing(
    sql: Sql,
    *,
    status: str = "RUNNING",
    closed_as: str | None = None,
    selected: bool = True,
    started_seconds_ago: float | None = 60,
    starts_at: datetime | None = None,
    deleted: bool = False,
) -> int:
    """The id of a new mailing, without messages."""
    rows = await sql(
        """
        INSERT INTO mailing (text, text_version, starts_at, ends_at, operator_codes, tags, status, revision,
                             selection_cursor, closed_as, selected_at, started_at, deleted_at)
        VALUES ('Hello', 1, coalesce($5, now()), coalesce($5, now()) + interval '1 day', '{}', '{}', $1, 1, 0, $2,
                CASE WHEN $3 THEN now() END, now() - make_interval(secs => $4), CASE WHEN $6 THEN now() END)
        RETURNING id
        """,
        status,
        closed_as,
        selected,
        started_seconds_ago,
        starts_at,
        deleted,
    )
    return int(rows[0]["id"])


async def store_message(
    sql: Sql,
    mailing_id: int,
    client_id: int,
    status: MessageStatus = MessageStatus.PENDING,
    *,
    uncertain: bool = False,
    reason: str | None = None,
    operator_code: str = "900",
    tag: str = "",
    timezone: str = "Europe/Moscow",
) -> int:
    """The id of a new message."""
    rows = await sql(
        """
        INSERT INTO message (mailing_id, client_id, phone, status, uncertain, reason, operator_code, tag, timezone,
                             sent_at)
        VALUES ($1, $2, 79000000000, $3::text, $4, $5, $6, $7, $8, CASE WHEN $3::text = 'SENT' THEN now() END)
        RETURNING id
        """,
        mailing_id,
        client_id,
        status.value,
        uncertain,
        reason,
        operator_code,
        tag,
        timezone,
    )
    return int(rows[0]["id"])


async def store_many(sql: Sql, mailing_id: int, count: int, status: MessageStatus = MessageStatus.PENDING) -> None:
    """So many messages to the clients from 1."""
    await sql(
        """
        INSERT INTO message (mailing_id, client_id, operator_code, tag, timezone, status)
        SELECT $1, client_id, '900', '', 'Europe/Moscow', $3 FROM generate_series(1, $2::int) AS client_id
        """,
        mailing_id,
        count,
        status.value,
    )


async def set_status(
    sql: Sql, ids: Collection[int], status: MessageStatus, *, uncertain: bool = False, token: int | None = None
) -> None:
    """What a pump writes, in one statement."""
    await sql(
        """
        UPDATE message SET status = $2::text, uncertain = $3, lease_token = $4,
                           reason = CASE WHEN $2::text IN ('FAILED', 'UNCONFIRMED') THEN 'reason ' || id % 3 END
        WHERE id = ANY($1::bigint[])
        """,
        list(ids),
        status.value,
        uncertain,
        token,
    )


async def close(sql: Sql, mailing_id: int, closed_as: MessageStatus, *, move_counters: bool = True) -> None:
    """End a mailing as delivery does: its row and its counters, and not one message."""
    status = "CANCELLED" if closed_as is MessageStatus.CANCELLED else "FINISHED"
    await sql("UPDATE mailing SET closed_as = $2, status = $3 WHERE id = $1", mailing_id, closed_as.value, status)
    if move_counters:
        column = closed_as.value.lower()
        await sql(
            f"""
            UPDATE message_count SET pending = 0, uncertain = 0,
                   {column} = {column} + pending - uncertain, unconfirmed = unconfirmed + uncertain
            WHERE mailing_id = $1
            """,
            mailing_id,
        )
