"""Choosing the audience in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mailing.db.locks import queue_for_mailing_row
from mailing.db.orm import fetch, fetch_one, fetch_value
from mailing.delivery.reasons import LEFT_OUT
from mailing.models.message import MessageStatus
from mailing.origin import Origin

Written = list[tuple[int, int]]
"""Messages: `[i]` is the id of a client, and of its message."""


@dataclass(frozen=True, slots=True)
class Selection:
    """How far the selection of a mailing has come, and what it looks for."""

    mailing_id: int
    operator_codes: list[str]
    tags: list[str]
    cursor: int
    recheck_cursor: int | None
    closed_as: MessageStatus | None
    origin: Origin | None = None
    """The operation that created the mailing."""

    def condition(self, first_parameter: int) -> str:
        """The filter as SQL over a client `c`; an empty list takes everybody.

        Takes two parameters: the operator codes, and the tags behind them.
        """
        codes, tags = f"${first_parameter}::text[]", f"${first_parameter + 1}::text[]"
        return " AND ".join(
            [
                f"c.operator_code = ANY({codes})" if self.operator_codes else f"{codes} IS NOT NULL",
                f"c.tag = ANY({tags})" if self.tags else f"{tags} IS NOT NULL",
            ]
        )


async def read_selection(mailing_id: int) -> Selection | None:
    """What is still to be selected; None if nothing is, or the mailing has not started or is cancelled.

    Locks no row: pumps need the mailing's all the time, and the structure lock keeps everybody else away.
    """
    rows = await fetch(
        """
        SELECT operator_codes, tags, selection_cursor, recheck_cursor, closed_as, origin
        FROM mailing
        WHERE id = $1 AND status IN ('RUNNING', 'PAUSED') AND deleted_at IS NULL
          AND (selected_at IS NULL OR recheck_cursor IS NOT NULL)
        """,
        mailing_id,
    )
    if not rows:
        return None
    row = rows[0]
    return Selection(
        mailing_id,
        row["operator_codes"],
        row["tags"],
        row["selection_cursor"],
        row["recheck_cursor"],
        MessageStatus(row["closed_as"]) if row["closed_as"] else None,
        Origin.of_json(row["origin"]),
    )


async def add_matching(selection: Selection, limit: int) -> tuple[int, Written]:
    """Write the messages of the next `limit` matching clients and move the cursor.

    Tells how many clients matched, and which messages were written: new ones, and those taken in again.
    """
    row = await fetch_one(
        f"""
        WITH matching AS (
            SELECT c.id, c.phone, c.operator_code, c.tag, c.timezone FROM client c
            WHERE c.id > $2 AND {selection.condition(4)} ORDER BY c.id LIMIT $3
        ), written AS (
            -- Not now(): this step may have waited for the edit by which it chooses, which comes first in timelines.
            INSERT INTO message AS m (mailing_id, client_id, phone, operator_code, tag, timezone, created_at)
            SELECT $1, id, phone, operator_code, tag, timezone, clock_timestamp() FROM matching
            ON CONFLICT (mailing_id, client_id) DO UPDATE
                SET status = 'PENDING', reason = NULL, ended_at = NULL, due_at = now(), attempts = 0,
                    phone = excluded.phone, timezone = excluded.timezone
                WHERE m.status = 'CANCELLED' AND m.reason = '{LEFT_OUT}'
            RETURNING m.client_id, m.id
        )
        SELECT found, last, client_ids, ids
        FROM (SELECT count(*) AS found, max(id) AS last FROM matching) AS clients,
             (SELECT array_agg(client_id) AS client_ids, array_agg(id) AS ids FROM written) AS messages
        """,
        selection.mailing_id,
        selection.cursor,
        limit,
        selection.operator_codes,
        selection.tags,
    )
    await queue_for_mailing_row(selection.mailing_id)
    await fetch(
        """
        UPDATE mailing
        SET selection_cursor = coalesce($2, selection_cursor),
            selected_at = CASE WHEN $3 THEN now() END,
            woken_at = now()
        WHERE id = $1
        """,
        selection.mailing_id,
        row["last"],
        row["found"] < limit,
    )
    return row["found"], _pairs(row)


async def cancel_left_out(selection: Selection, limit: int) -> Written:
    """Cancel, among the next `limit` messages not yet sent, those whose clients match no longer; move the cursor.

    Tells which they were.
    """
    row = await fetch_one(
        f"""
        WITH next AS (
            SELECT id, client_id, uncertain FROM message
            WHERE mailing_id = $1 AND client_id > $2 AND status = 'PENDING' ORDER BY client_id LIMIT $3
        ), left_out AS (
            UPDATE message m
            SET status = CASE WHEN m.uncertain THEN 'UNCONFIRMED' ELSE 'CANCELLED' END, reason = '{LEFT_OUT}',
                ended_at = clock_timestamp()
            FROM next
            WHERE m.id = next.id AND m.status = 'PENDING'
              AND NOT EXISTS (SELECT FROM client c WHERE c.id = next.client_id AND {selection.condition(4)})
            RETURNING m.client_id, m.id
        )
        SELECT seen, last, client_ids, ids
        FROM (SELECT count(*) AS seen, max(client_id) AS last FROM next) AS messages,
             (SELECT array_agg(client_id) AS client_ids, array_agg(id) AS ids FROM left_out) AS those
        """,
        selection.mailing_id,
        selection.recheck_cursor,
        limit,
        selection.operator_codes,
        selection.tags,
    )
    await queue_for_mailing_row(selection.mailing_id)
    await fetch(
        "UPDATE mailing SET recheck_cursor = $2, revision = revision + 1, woken_at = now() WHERE id = $1",
        selection.mailing_id,
        row["last"] if row["seen"] == limit else None,
    )
    return _pairs(row)


async def count_sending(mailing_id: int) -> int:
    """How many messages of the mailing a worker holds."""
    count: int = await fetch_value(
        "SELECT coalesce(sum(sending), 0)::bigint FROM message_count WHERE mailing_id = $1 AND dimension = ''",
        mailing_id,
    )
    return count


async def count_slots(mailing_id: int) -> int:
    """How many pumps may work on the mailing at once."""
    count: int = await fetch_value("SELECT count(*) FROM delivery_slot WHERE mailing_id = $1", mailing_id)
    return count


def _pairs(row: Mapping[str, Any]) -> Written:
    """Arrays, for a row of its own for each message would take ten times as long to read."""
    return list(zip(row["client_ids"] or (), row["ids"] or (), strict=True))
