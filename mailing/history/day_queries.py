"""What became of all messages by days, at the same cost for any number of mailings.

The tallies have a row for each quarter of an hour, mailing, end, reason and shard: too many to be read for weeks. So
quarters that are long over are summed up, one row each, and what is not summed up yet is read from the tallies.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mailing.db.orm import fetch
from mailing.messages.ends import ENDS
from mailing.models.message import MessageStatus

_ENDED = ", ".join(status.value.lower() for status in ENDS)
_SUM_BY_END = ", ".join(
    f"coalesce(sum(messages) FILTER (WHERE status = '{status.value}'), 0)::bigint AS {status.value.lower()}"
    for status in ENDS
)
_TOTALS = f"{_SUM_BY_END}, sum(requests)::bigint AS requests, sum(failures)::bigint AS failures"

# What both tallies say of the quarters that fit the condition.
_TALLIES = """
    SELECT quarter, status, messages, 0 AS requests, 0 AS failures FROM ending_tally WHERE {condition}
    UNION ALL
    SELECT quarter, NULL, 0, requests, failures FROM request_tally WHERE {condition}
"""

# A result is written within its lease of the answer, so an hour after its end nothing is added to a quarter. Starts
# where it has come to, skips what is empty, and does at most a day, so that one statement ends soon.
_OVER = """
    quarter >= (SELECT first FROM next) AND quarter < (SELECT first FROM next) + interval '1 day'
    AND quarter < quarter_of(now()) - interval '1 hour'
"""
_SUM_UP = f"""
    WITH done AS (
        SELECT coalesce(max(quarter), '-infinity') AS latest FROM quarter_total
    ), next AS (
        SELECT least(
            (SELECT min(quarter) FROM ending_tally WHERE quarter > done.latest),
            (SELECT min(quarter) FROM request_tally WHERE quarter > done.latest)
        ) AS first FROM done
    )
    INSERT INTO quarter_total (quarter, {_ENDED}, requests, failures)
    SELECT quarter, {_TOTALS} FROM ({_TALLIES.format(condition=_OVER)}) AS tallied
    GROUP BY quarter ORDER BY quarter
    ON CONFLICT (quarter) DO NOTHING
"""

# Of what is taken in again more than ended on a day nothing is shown: a chart has no less.
_OF_DAY = ", ".join(f"greatest(0, sum({status.value.lower()}))::bigint AS {status.value.lower()}" for status in ENDS)
_SINCE = "quarter > (SELECT latest FROM done) AND quarter >= $1 AND quarter < $2"
_READ = f"""
    WITH done AS (
        SELECT coalesce(max(quarter), '-infinity') AS latest FROM quarter_total
    ), by_quarter AS (
        SELECT quarter, {_ENDED}, requests, failures FROM quarter_total WHERE quarter >= $1 AND quarter < $2
        UNION ALL
        SELECT quarter, {_TOTALS} FROM ({_TALLIES.format(condition=_SINCE)}) AS tallied GROUP BY quarter
    )
    SELECT width_bucket(quarter, $3::timestamptz[]) - 1 AS day, {_OF_DAY},
           sum(requests)::bigint AS requests, sum(failures)::bigint AS failures
    FROM by_quarter GROUP BY 1
"""


async def sum_up_quarters() -> None:
    """Sum up what is long over, at most a day of it. Harmless when several do so at once."""
    await fetch(_SUM_UP)


async def totals_of(days: Sequence[datetime]) -> dict[int, Mapping[str, Any]]:
    """What happened between two of these moments that follow each other, by the number of the first, in one snapshot.

    Keys: the ends in small letters, requests, failures. Stretches in which nothing happened are left out.
    """
    rows = await fetch(_READ, days[0], days[-1], list(days))
    return {row["day"]: row for row in rows}


def ended_in(row: Mapping[str, Any]) -> dict[MessageStatus, int]:
    """How many messages came to each end, by a row of `totals_of`."""
    return {status: row[status.value.lower()] for status in ENDS}
