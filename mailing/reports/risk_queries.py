"""What is to be known of mailings that end soon, to tell whether they will be done by then."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from mailing.db.orm import fetch, fetch_value
from mailing.delivery.window import LocalTimeWindow
from mailing.models.mailing import MailingStatus
from mailing.reports.risk import Candidate

MOST_CANDIDATES = 1_000
"""That are looked at, those that end first."""

# A quarter that has only begun, or in which the mailing started, counts with the time that it has had: a minute at
# least, so that a first batch is not taken for a speed. Whether something is due is looked up by zone, as a claim does.
_CANDIDATES = f"""
    WITH ending AS (
        SELECT id, left(text, 200) AS text, status, coalesce(started_at, starts_at) AS started_at, ends_at,
               window_opens_at, window_closes_at, max_rate
        FROM mailing
        WHERE status IN ('RUNNING', 'PAUSED') AND closed_as IS NULL AND deleted_at IS NULL
          AND ends_at > $1 AND ends_at <= $1 + $2::interval AND ($3::bigint[] IS NULL OR id = ANY($3))
        ORDER BY ends_at, id LIMIT {MOST_CANDIDATES}
    )
    SELECT e.*, zone.name AS zone, zone.waits, coalesce(seen.rate, 0)::float8 AS rate, coalesce(bool_or(
               zone.pending > 0 AND window_is_open(zone.name, e.window_opens_at, e.window_closes_at, $1) AND EXISTS (
                   SELECT FROM message WHERE mailing_id = e.id AND timezone = zone.name AND status = 'PENDING'
                   AND due_at <= $1
               )
           ) OVER (PARTITION BY e.id), false) AS is_busy
    FROM ending e CROSS JOIN LATERAL (
        SELECT value AS name, sum(pending + sending)::bigint AS waits, sum(pending) AS pending FROM message_count
        WHERE mailing_id = e.id AND dimension = 'timezone' GROUP BY value HAVING sum(pending + sending) > 0
    ) zone LEFT JOIN LATERAL (
        SELECT max(messages / greatest(60, extract(epoch FROM
                   least(quarter + interval '15 minutes', $1) - greatest(quarter, e.started_at)))) AS rate
        FROM (
            SELECT quarter, sum(t.messages) AS messages
            FROM generate_series(quarter_of($1) - interval '45 minutes', $1, interval '15 minutes') AS hour (quarter)
            JOIN ending_tally t USING (quarter)
            WHERE t.mailing_id = e.id AND t.status IN ('SENT', 'FAILED') GROUP BY quarter
        ) AS quarters
    ) seen ON true
    ORDER BY e.ends_at, e.id
"""

# Of quarters that are long over their totals, and what was counted since. With both bounds named the planner takes a
# range that it does not know for a short one, and not for a third of the table.
_BEST_RATE = """
    SELECT max(messages)::float8 / 900 FROM (
        SELECT sent + failed AS messages FROM quarter_total WHERE quarter > $1::timestamptz - interval '1 day'
        UNION ALL
        SELECT sum(messages) FROM ending_tally
        WHERE quarter > greatest($1::timestamptz - interval '1 day', (SELECT max(quarter) FROM quarter_total))
          AND quarter <= $1 AND status IN ('SENT', 'FAILED')
        GROUP BY quarter
    ) AS quarters
"""


async def mailings_that_end_soon(now: datetime, within: timedelta) -> list[Candidate]:
    """Those under way that end in this time and have messages left, the one that ends first first."""
    return list(_candidates(await fetch(_CANDIDATES, now, within, None)))


async def candidates_among(mailing_ids: Collection[int], now: datetime, within: timedelta) -> list[Candidate]:
    """`mailings_that_end_soon` of these alone."""
    return list(_candidates(await fetch(_CANDIDATES, now, within, list(mailing_ids))))


async def best_rate(now: datetime) -> float:
    """Messages a second of all mailings together, in their best quarter of an hour of the last day; 0: none."""
    return float(await fetch_value(_BEST_RATE, now) or 0)


def _candidates(rows: Iterable[Mapping[str, Any]]) -> Iterator[Candidate]:
    for _, group in groupby(rows, key=lambda row: row["id"]):
        zones = list(group)
        row = zones[0]
        yield Candidate(
            id=row["id"],
            text=row["text"],
            status=MailingStatus(row["status"]),
            started_at=row["started_at"],
            ends_at=row["ends_at"],
            window=LocalTimeWindow.between(row["window_opens_at"], row["window_closes_at"]),
            max_rate=row["max_rate"],
            left={zone["zone"]: zone["waits"] for zone in zones},
            rate=row["rate"],
            is_busy=row["is_busy"],
        )
