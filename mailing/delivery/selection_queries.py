"""Choosing the audience in SQL."""

from dataclasses import dataclass

from mailing.db.locks import queue_for_mailing_row
from mailing.db.orm import fetch, fetch_one, fetch_value
from mailing.delivery.reasons import LEFT_OUT
from mailing.models.message import MessageStatus


@dataclass(frozen=True, slots=True)
class Selection:
    """How far the selection of a mailing has come, and what it looks for."""

    mailing_id: int
    operator_codes: list[str]
    tags: list[str]
    cursor: int
    recheck_cursor: int | None
    closed_as: MessageStatus | None
    traceparent: str | None = None
    """Of the operation that created the mailing."""

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
        SELECT operator_codes, tags, selection_cursor, recheck_cursor, closed_as, traceparent
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
        row["traceparent"],
    )


async def add_matching(selection: Selection, limit: int) -> int:
    """Write the messages of the next `limit` matching clients and move the cursor. Tells how many clients matched."""
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
        )
        SELECT count(*) AS found, max(id) AS last FROM matching
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
    found: int = row["found"]
    return found


async def cancel_left_out(selection: Selection, limit: int) -> None:
    """Cancel, among the next `limit` messages not yet sent, those whose clients match no longer; move the cursor."""
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
        )
        SELECT count(*) AS seen, max(client_id) AS last FROM next
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
