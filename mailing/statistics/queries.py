"""Statistics, read from the counters: exact at every moment, at the same cost for any number of messages."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from mailing.db.orm import fetch
from mailing.messages.counter_queries import COUNTER_SUMS, COUNTER_TOTAL, counts_in
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.statistics.figures import CountByStatus, FailureCount, GroupCount, MailingStatistics, OverallStatistics

MOST_GROUPS = 1_000
"""Of one property of one mailing."""

# What a reason is ranked by: what was cancelled has not failed. Rows that still wait may carry a reason too, that of
# their last failure: it counts once the mailing is closed, for what they have become.
_FAILURES = """c.failed + c.unconfirmed + c.expired
    + CASE m.closed_as WHEN 'EXPIRED' THEN c.pending WHEN 'CANCELLED' THEN c.uncertain ELSE 0 END"""

_STATISTICS = f"""
    WITH grouped AS (
        SELECT c.mailing_id, c.dimension, c.value, {COUNTER_SUMS},
               sum(CASE c.dimension WHEN 'reason' THEN {_FAILURES} ELSE {COUNTER_TOTAL} END)::bigint AS weight
        FROM message_count c JOIN mailing m ON m.id = c.mailing_id
        WHERE c.mailing_id = ANY($1::bigint[]) AND m.deleted_at IS NULL
        GROUP BY c.mailing_id, c.dimension, c.value
    ), ranked AS (
        SELECT *, row_number() OVER (
            PARTITION BY mailing_id, dimension ORDER BY weight DESC, value COLLATE "C"
        ) AS place
        FROM grouped WHERE weight > 0
    )
    SELECT m.id, m.closed_as, ranked.*
    FROM mailing m LEFT JOIN ranked ON ranked.mailing_id = m.id AND ranked.place <= {MOST_GROUPS}
    WHERE m.id = ANY($1::bigint[]) AND m.deleted_at IS NULL
    ORDER BY m.id, ranked.dimension, ranked.place
"""

_OVERALL = f"""
    SELECT m.status AS mailing_status, m.closed_as, count(*) AS mailings,
           {COUNTER_SUMS}
    FROM mailing m CROSS JOIN LATERAL (
        SELECT {COUNTER_SUMS} FROM message_count c
        WHERE c.mailing_id = m.id AND c.dimension = '' AND c.value = ''
    ) c
    WHERE m.deleted_at IS NULL
      AND ($1::timestamptz IS NULL OR m.starts_at >= $1) AND ($2::timestamptz IS NULL OR m.starts_at < $2)
    GROUP BY m.status, m.closed_as
"""


async def mailing_statistics(mailing_ids: Collection[int]) -> dict[int, MailingStatistics]:
    """Each mailing's statistics, all in one snapshot. Deleted and unknown mailings are left out.

    Groups come largest first, equally large ones by their value.
    """
    rows_of: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in await fetch(_STATISTICS, list(mailing_ids)):
        rows_of[row["id"]].append(row)
    return {mailing_id: _statistics(rows) for mailing_id, rows in rows_of.items()}


async def overall_statistics(from_: datetime | None, to: datetime | None) -> OverallStatistics:
    """All mailings that start in [from_, to), in one snapshot; None leaves that side open."""
    by_mailing_status = dict.fromkeys(MailingStatus, 0)
    by_message_status = dict.fromkeys(MessageStatus, 0)
    for row in await fetch(_OVERALL, from_, to):
        by_mailing_status[MailingStatus(row["mailing_status"])] += row["mailings"]
        for status, count in counts_in(row).items():
            by_message_status[status] += count
    return OverallStatistics(
        mailings=sum(by_mailing_status.values()),
        messages=sum(by_message_status.values()),
        by_mailing_status=by_mailing_status,
        by_message_status=by_message_status,
    )


def _statistics(rows: Iterable[Mapping[str, Any]]) -> MailingStatistics:
    by_status: CountByStatus = dict.fromkeys(MessageStatus, 0)
    groups: dict[str, list[GroupCount]] = {"operator_code": [], "tag": [], "timezone": []}
    failures: list[FailureCount] = []
    for row in rows:
        dimension = row["dimension"]
        if dimension == "":
            by_status = counts_in(row)
        elif dimension == "reason":
            failures.append(FailureCount(row["value"], row["weight"]))
        elif dimension in groups:
            groups[dimension].append(GroupCount(row["value"], row["weight"], counts_in(row)))
    return MailingStatistics(
        total=sum(by_status.values()),
        by_status=by_status,
        by_operator_code=tuple(groups["operator_code"]),
        by_tag=tuple(groups["tag"]),
        by_timezone=tuple(groups["timezone"]),
        failures=tuple(failures),
    )
