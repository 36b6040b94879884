"""The progress of mailings, read from the counters: the same cost for any number of messages."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from mailing.db.orm import fetch
from mailing.messages.counter_queries import COUNTER_SUMS, counts_in
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.progress.snapshot import MailingProgress

MOST_ACTIVE = 1_000
"""Mailings that count as active, the latest first. A bound for the edge; more at once is no use to anyone."""

_ACTIVE = f"SELECT id FROM mailing WHERE status = 'RUNNING' AND deleted_at IS NULL ORDER BY id DESC LIMIT {MOST_ACTIVE}"

# The rate counts the current second, which is not over, and the nine before it, and divides by the time that has
# passed in them since the mailing started: what was accepted and is not committed yet only makes it lower. By a
# second at least, so that the first batch of a mailing is not taken for its speed.
#
# One statement is one snapshot, so counts, status and tally belong together.
_READ = f"""
    SELECT m.id, m.status, m.closed_as, m.revision,
           m.selected_at IS NOT NULL OR m.closed_as IS NOT NULL AS selection_over,
           moment.now, counted.*, tallied.accepted,
           greatest(1, extract(epoch FROM moment.now - greatest(m.started_at, moment.since)))::float8 AS elapsed
    FROM mailing m
    CROSS JOIN (
        SELECT statement_timestamp() AS now, date_trunc('second', statement_timestamp()) - interval '9 s' AS since
    ) moment
    CROSS JOIN LATERAL (
        SELECT {COUNTER_SUMS} FROM message_count c
        WHERE c.mailing_id = m.id AND c.dimension = '' AND c.value = ''
    ) counted
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(t.sent), 0)::bigint AS accepted FROM mailing_tally t
        WHERE t.mailing_id = m.id AND t.second >= moment.since AND t.second <= moment.now
    ) tallied
    WHERE m.id = ANY($1::bigint[] || CASE WHEN $2 THEN ARRAY({_ACTIVE}) END) AND m.deleted_at IS NULL
"""


async def read_progress(mailing_ids: Collection[int]) -> dict[int, MailingProgress]:
    """Where each mailing stands, all in one snapshot. Deleted and unknown mailings are left out."""
    return await _read(mailing_ids, with_active=False)


async def read_active_progress(also: Collection[int] = ()) -> dict[int, MailingProgress]:
    """`read_progress` of every active mailing and of those named, in one snapshot."""
    return await _read(also, with_active=True)


async def _read(mailing_ids: Collection[int], *, with_active: bool) -> dict[int, MailingProgress]:
    return {row["id"]: _progress(row) for row in await fetch(_READ, list(mailing_ids), with_active)}


def _progress(row: Mapping[str, Any]) -> MailingProgress:
    counts = counts_in(row)
    status = MailingStatus(row["status"])
    rate = row["accepted"] / row["elapsed"]
    left = counts[MessageStatus.PENDING] + counts[MessageStatus.SENDING]
    goes_on = status is MailingStatus.RUNNING and rate > 0 and left > 0
    return MailingProgress(
        mailing_id=row["id"],
        status=status,
        pending=counts[MessageStatus.PENDING],
        sending=counts[MessageStatus.SENDING],
        sent=counts[MessageStatus.SENT],
        failed=counts[MessageStatus.FAILED],
        expired=counts[MessageStatus.EXPIRED],
        unconfirmed=counts[MessageStatus.UNCONFIRMED],
        cancelled=counts[MessageStatus.CANCELLED],
        messages_per_second=rate,
        estimated_finish_at=row["now"] + timedelta(seconds=left / rate) if goes_on else None,
        updated_at=row["now"],
        selection_over=row["selection_over"],
        revision=row["revision"],
    )
