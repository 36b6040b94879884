"""A mailing's life, read from the bins that triggers count in: the same cost for any number of messages."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from mailing.db.orm import fetch
from mailing.history.figures import MailingHistory, Step
from mailing.messages.ends import ENDS
from mailing.models.message import MessageStatus

MOST_STEPS: Final = 200
"""Of one history. Bins are as fine as that needs, and no finer."""
FEWEST_STEPS: Final = 10
"""For which one can ask. A step is up to six times as long as so many would need, for lengths are round."""

# A life begins with the start, and ends with what ended last or, while it goes on, now. One statement is one snapshot.
_READ = """
    WITH life AS (
        SELECT m.id, moment.now, least(coalesce(m.started_at, m.starts_at), bins.first) AS began,
               CASE WHEN m.started_at IS NULL AND bins.first IS NULL THEN NULL
                    WHEN m.status IN ('FINISHED', 'CANCELLED') THEN greatest(m.ended_at, bins.last)
                    ELSE greatest(moment.now, bins.last) END AS until,
               CASE WHEN known.since > coalesce(m.started_at, m.starts_at) THEN known.since END AS counted_since
        FROM mailing m
        CROSS JOIN (SELECT statement_timestamp() AS now) moment
        CROSS JOIN (SELECT (SELECT history_since FROM tally_start) AS since) known
        CROSS JOIN LATERAL (
            SELECT min(at) AS first, max(at) AS last FROM history_tally WHERE mailing_id = m.id
        ) bins
        WHERE m.id = ANY($1::bigint[]) AND m.deleted_at IS NULL
    ), measured AS (
        SELECT *, history_step(extract(epoch FROM until - began)::float8, $2) AS step FROM life
    )
    SELECT l.id, l.now, l.step, l.counted_since, history_bin(l.began, l.step) AS first,
           history_bin(l.until, l.step) AS last, h.starts_at, h.status, h.messages
    FROM measured l LEFT JOIN LATERAL (
        SELECT history_bin(at, l.step) AS starts_at, status, sum(messages)::bigint AS messages FROM (
            SELECT at, status, sum(messages) AS messages FROM history_tally WHERE mailing_id = l.id GROUP BY 1, 2
        ) AS bins GROUP BY 1, 2
    ) h ON true
    ORDER BY l.id
"""


async def mailing_histories(mailing_ids: Collection[int], most_steps: int = MOST_STEPS) -> dict[int, MailingHistory]:
    """Each mailing's life in at most so many steps (`FEWEST_STEPS` to `MOST_STEPS`), all in one snapshot.

    Deleted and unknown mailings are left out.
    """
    rows = await fetch(_READ, list(mailing_ids), most_steps)
    return {mailing_id: _history(list(of_one)) for mailing_id, of_one in groupby(rows, key=lambda row: row["id"])}


def _history(rows: list[Mapping[str, Any]]) -> MailingHistory:
    row = rows[0]
    return MailingHistory(
        step_seconds=row["step"] or 1,
        steps=tuple(_steps(rows)) if row["last"] is not None else (),
        counted_since=row["counted_since"],
        read_at=row["now"],
    )


def _steps(rows: list[Mapping[str, Any]]) -> Iterator[Step]:
    ended: defaultdict[datetime, dict[MessageStatus, int]] = defaultdict(lambda: dict.fromkeys(ENDS, 0))
    for row in rows:
        if row["starts_at"] is not None:
            # Less than nothing is what was taken in again that had ended before there was a history.
            ended[row["starts_at"]][MessageStatus(row["status"])] = max(0, row["messages"])
    at, last, step = rows[0]["first"], rows[0]["last"], timedelta(seconds=rows[0]["step"])
    while at <= last:
        yield Step(at, ended[at])
        at += step
