"""How the counters of messages are read. Triggers write them, with the messages, in the same transaction."""

from collections.abc import Collection, Mapping
from typing import Any

from mailing.db.orm import fetch
from mailing.messages.status import effective_counts, effective_status
from mailing.models.message import MessageStatus

_COLUMNS = {status: status.value.lower() for status in MessageStatus}

COUNTER_SUMS = ", ".join(
    f"coalesce(sum(c.{column}), 0)::bigint AS {column}" for column in (*_COLUMNS.values(), "uncertain")
)
"""Selects what `counts_in` reads, over the shards of `message_count c`: a single shard means nothing."""

COUNTER_TOTAL = "+".join(f"c.{column}" for column in _COLUMNS.values())
"""All messages that one row of `message_count c` counts. `uncertain` is a part of pending."""


def closing_in(row: Mapping[str, Any]) -> MessageStatus | None:
    """What the mailing in `row` was closed as."""
    closed_as = row["closed_as"]
    return None if closed_as is None else MessageStatus(closed_as)


def status_in(row: Mapping[str, Any]) -> MessageStatus:
    """The effective status in a row with a message's `status` and `uncertain`, and its mailing's `closed_as`."""
    return effective_status(MessageStatus(row["status"]), uncertain=row["uncertain"], closed_as=closing_in(row))


def counts_in(row: Mapping[str, Any]) -> dict[MessageStatus, int]:
    """The effective counts in a row of `COUNTER_SUMS` with the mailing's `closed_as`; all seven, in their order."""
    stored = {status: row[column] for status, column in _COLUMNS.items()}
    return effective_counts(stored, uncertain=row["uncertain"], closed_as=closing_in(row))


async def read_counts_of_kept(mailing_ids: Collection[int]) -> dict[int, dict[MessageStatus, int]]:
    """How many messages of each mailing stand where. Deleted and unknown mailings are left out, and those whose
    messages were removed: what is counted of these is told by statistics, and none of them can be listed."""
    rows = await fetch(
        f"""
        SELECT m.id, m.closed_as, counted.*
        FROM mailing m CROSS JOIN LATERAL (
            SELECT {COUNTER_SUMS} FROM message_count c
            WHERE c.mailing_id = m.id AND c.dimension = '' AND c.value = ''
        ) counted
        WHERE m.id = ANY($1::bigint[]) AND m.deleted_at IS NULL AND m.messages_removed_at IS NULL
        """,
        list(mailing_ids),
    )
    return {row["id"]: counts_in(row) for row in rows}
