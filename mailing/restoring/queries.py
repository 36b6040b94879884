"""A restored database in SQL."""

from datetime import datetime
from typing import Final

from mailing.db.orm import fetch, fetch_one, fetch_value
from mailing.restoring.records import NextId

_SHOWN: Final = {"client_id_seq": "client", "mailing_id_seq": "mailing", "message_id_seq": "message"}
"""Sequences whose numbers are known outside, with their tables."""

# A sequence never goes back, whatever the transaction around it does. All of them go ahead: also that of the tokens of
# leases, for a worker of before must find its own valid nowhere.
_SEQUENCES: Final = """
    SELECT schemaname, sequencename, coalesce(last_value, 0) AS last,
           (coalesce(last_value, 0) / $1::bigint + 2) * $1::bigint AS next
    FROM pg_sequences
    WHERE schemaname = current_schema() AND sequencename NOT LIKE 'tortoise%' AND data_type = 'bigint'::regtype
"""

_RUNNING: Final = "status = 'RUNNING' AND deleted_at IS NULL"
_UNSELECTED: Final = "status IN ('RUNNING', 'PAUSED') AND deleted_at IS NULL AND selected_at IS NULL"
_WAITING: Final = """
    mailing m JOIN message_count c ON c.mailing_id = m.id AND c.dimension = ''
    WHERE m.status IN ('RUNNING', 'PAUSED') AND m.closed_as IS NULL AND m.deleted_at IS NULL
"""
"""Mailings that could still send, or had not been closed when their end came, with their counters."""

_FACTS: Final = f"""
    SELECT
        (SELECT greatest(
            (SELECT max(second) FROM mailing_tally),
            (SELECT max(updated_at) FROM mailing),
            (SELECT max(since) FROM provider_channel)
        )) AS newest_at,
        (SELECT count(*) FROM mailing WHERE {_RUNNING}) AS running,
        (SELECT count(*) FROM mailing WHERE status = 'SCHEDULED' AND deleted_at IS NULL AND starts_at <= now())
            AS overdue,
        (SELECT count(*) FROM mailing WHERE {_UNSELECTED}) AS unselected,
        (SELECT count(*) FROM mailing WHERE status = 'SCHEDULED' AND deleted_at IS NULL AND starts_at > now()) AS later,
        (SELECT coalesce(sum(c.pending - c.uncertain), 0)::bigint FROM {_WAITING}) AS waiting,
        (SELECT count(*) FROM session WHERE expires_at > now()) AS sessions,
        (SELECT count(*) FROM access_token
         WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())) AS tokens
"""


async def facts() -> dict[str, int | datetime]:
    """The fields of `Restored` but for `next_ids`. It counts mailings, and nothing by messages."""
    return {**await fetch_one(_FACTS)}


async def next_ids(ahead: int) -> tuple[NextId, ...]:
    """Where ids would go on: at a multiple of `ahead`, more than `ahead` beyond the last one given."""
    rows = await fetch(
        f"SELECT * FROM ({_SEQUENCES}) AS s WHERE sequencename = ANY ($2) ORDER BY sequencename", ahead, [*_SHOWN]
    )
    return tuple(NextId(_SHOWN[row["sequencename"]], row["last"], row["next"]) for row in rows)


async def move_ids_ahead(ahead: int) -> None:
    """All of them, as `next_ids` says.

    As if the number before had just been given: of a sequence that has given none, PostgreSQL does not tell where it
    stands, and the next restore would move it back.
    """
    await fetch(
        f"""
        SELECT setval(format('%I.%I', s.schemaname, s.sequencename)::regclass, s.next - 1)
        FROM ({_SEQUENCES}) AS s
        """,
        ahead,
    )


async def connections_in_use(seconds: float) -> int:
    """Those of this service that asked for something in the last seconds; whoever looks has only the one."""
    count: int = await fetch_value(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE application_name = 'mailing' AND datname = current_database() AND pid <> pg_backend_pid()
          AND (state <> 'idle' OR state_change > clock_timestamp() - make_interval(secs => $1))
        """,
        seconds,
    )
    return count


async def running_mailings(limit: int) -> list[int]:
    rows = await fetch(f"SELECT id FROM mailing WHERE {_RUNNING} ORDER BY id LIMIT $1", limit)
    return [row["id"] for row in rows]


async def unselected_mailings() -> list[int]:
    """Those that run or are paused, and have not chosen all of their clients."""
    rows = await fetch(f"SELECT id FROM mailing WHERE {_UNSELECTED} ORDER BY id")
    return [row["id"] for row in rows]


async def mailings_with_waiting_messages() -> list[int]:
    """Those that could still send, or had not been closed when their end came, by their id."""
    rows = await fetch(
        f"SELECT m.id FROM {_WAITING} GROUP BY m.id HAVING sum(c.pending - c.uncertain) > 0 ORDER BY m.id"
    )
    return [row["id"] for row in rows]


async def doubt_messages(mailing_id: int, after_client: int, limit: int, reason: str) -> tuple[int, int] | None:
    """Take up to `limit` waiting messages of clients beyond `after_client` for uncertain.

    How many, and the last client among them; None if there are no more.
    """
    row = await fetch_one(
        """
        WITH waiting AS (
            SELECT id FROM message
            WHERE mailing_id = $1 AND client_id > $2 AND status = 'PENDING' AND NOT uncertain
            ORDER BY client_id LIMIT $3 FOR UPDATE
        ), doubted AS (
            UPDATE message m SET uncertain = true, reason = $4 FROM waiting w WHERE m.id = w.id RETURNING client_id
        )
        SELECT count(*) AS messages, max(client_id) AS last_client FROM doubted
        """,
        mailing_id,
        after_client,
        limit,
        reason,
    )
    return (row["messages"], row["last_client"]) if row["messages"] else None


async def end_all_sessions() -> int:
    """Whoever was signed in has to sign in again. How many that were."""
    ended: int = await fetch_value("WITH gone AS (DELETE FROM session RETURNING id) SELECT count(*) FROM gone")
    return ended
