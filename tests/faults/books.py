"""Reads the database at the end of a run, past everything that is ours."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import asyncpg

from tests.faults.evidence import AttemptRow, Books, CountRow, EndingRow, HistoryRow, MailingRow, MessageRow, SlotRow

_STATUSES = ("pending", "sending", "sent", "failed", "expired", "unconfirmed", "cancelled", "uncertain")

_LOOK_SECONDS = 0.3
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

_UNSETTLED = """
    SELECT (SELECT count(*) FROM mailing WHERE status NOT IN ('FINISHED', 'CANCELLED'))
         + (SELECT count(*) FROM message WHERE status = 'SENDING')
         + (SELECT count(*) FROM delivery_slot WHERE token IS NOT NULL)
"""

_MAILINGS = "SELECT id, status, starts_at, ends_at, selected_at IS NOT NULL AS is_selected FROM mailing"
_SLOTS = "SELECT mailing_id, slot, token FROM delivery_slot"

_MESSAGES = """
    SELECT m.id, mailing_id, client_id, phone, operator_code, tag, timezone, uncertain, attempts, crashes, reason,
           CASE WHEN m.status <> 'PENDING' OR g.closed_as IS NULL THEN m.status
                WHEN m.uncertain THEN 'UNCONFIRMED' ELSE g.closed_as END AS status
    FROM message m JOIN mailing g ON g.id = m.mailing_id
"""

_ATTEMPTS = """
    SELECT message_id, number, extract(epoch FROM started_at)::float8 AS started_at, duration_ms, outcome, http_status,
           spent
    FROM delivery_attempt ORDER BY started_at
"""

_COUNTS = f"""
    SELECT mailing_id, dimension, value, {", ".join(f"sum({s})::bigint AS {s}" for s in _STATUSES)}
    FROM message_count GROUP BY 1, 2, 3
"""

_ENDINGS = """
    SELECT mailing_id, status, reason, sum(messages)::bigint AS messages FROM ending_tally
    GROUP BY 1, 2, 3 HAVING sum(messages) <> 0
"""

_HISTORIES = "SELECT mailing_id, status, at, sum(messages)::bigint AS messages FROM history_tally GROUP BY 1, 2, 3"


async def settled(url: str, deadline: float) -> bool:
    """Wait until every mailing is over, nothing is being sent and no slot is leased; False if that took too long.

    `deadline` by the monotonic clock.
    """
    while time.monotonic() < deadline:
        try:
            connection = await asyncpg.connect(url, timeout=5)
            try:
                if await connection.fetchval(_UNSETTLED, timeout=5) == 0:
                    return True
            finally:
                await connection.close(timeout=5)
        except _AWAY:
            pass
        await asyncio.sleep(_LOOK_SECONDS)
    return False


async def read_books(url: str) -> Books:
    """All in one snapshot."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return Books(
                mailings=[MailingRow(**row) for row in await connection.fetch(_MAILINGS)],
                messages=[MessageRow(**row) for row in await connection.fetch(_MESSAGES)],
                attempts=[AttemptRow(**row) for row in await connection.fetch(_ATTEMPTS)],
                counts=[_count(row) for row in await connection.fetch(_COUNTS)],
                endings=[EndingRow(**row) for row in await connection.fetch(_ENDINGS)],
                histories=[HistoryRow(**row) for row in await connection.fetch(_HISTORIES)],
                slots=[SlotRow(**row) for row in await connection.fetch(_SLOTS)],
            )
    finally:
        await connection.close(timeout=5)


def _count(row: Mapping[str, Any]) -> CountRow:
    counts = {status: row[status] for status in _STATUSES if row[status] != 0}
    return CountRow(row["mailing_id"], row["dimension"], row["value"], counts)
