"""A day's figures, read from tallies and counters: at the same cost for any number of messages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailing.db.orm import fetch, fetch_one, fetch_value
from mailing.messages.counter_queries import COUNTER_SUMS, counts_in
from mailing.messages.ends import ENDS, Ended
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.reports.day import ReportDay
from mailing.reports.figures import LOST, FailureFigures, HourFigures, MailingFigures

MOST_MAILINGS = 1_000
"""That one report lists, those with most messages on that day."""
MOST_REASONS = 100
"""That one report lists, those with most messages."""
KEPT_DAYS = 400
"""So long the tallies are kept: a year and the same month of the year before."""

_TEXT = 200
"""Characters of a text that are read."""

_IN_DAY = "quarter >= $1 AND quarter < $2"
_HOUR = "extract(epoch FROM quarter - $1)::int / 3600"

# One statement is one snapshot, so that the hours and the reasons sum to the same.
_ENDINGS = f"""
    SELECT GROUPING(hour) = 0 AS is_hour, status, hour, reason, sum(messages)::bigint AS messages
    FROM (SELECT status, reason, messages, {_HOUR} AS hour FROM ending_tally WHERE {_IN_DAY}) AS ended
    GROUP BY status, GROUPING SETS ((hour), (reason))
    HAVING sum(messages) <> 0
    ORDER BY messages DESC, reason COLLATE "C"
"""

_REQUESTS = f"""
    SELECT {_HOUR} AS hour, sum(requests)::bigint AS requests, sum(failures)::bigint AS failures,
           sum(slow)::bigint AS slow, (sum(duration_ms) / nullif(sum(timed), 0))::float8 AS mean_ms
    FROM request_tally WHERE {_IN_DAY} GROUP BY 1
"""

_SUM_BY_END = ", ".join(
    f"coalesce(sum(messages) FILTER (WHERE status = '{status.value}'), 0)::bigint AS day_{status.value.lower()}"
    for status in ENDS
)

_MAILINGS = f"""
    WITH tallied AS (
        SELECT mailing_id, {_SUM_BY_END}, sum(messages)::bigint AS day_all FROM ending_tally
        WHERE {_IN_DAY} GROUP BY mailing_id
    ), under_way AS (
        SELECT m.id, left(m.text, {_TEXT}) AS text, m.status, m.starts_at, m.ends_at, m.closed_as, tallied.*,
               count(*) OVER () AS found, coalesce(sum(day_all) OVER (), 0)::bigint AS of_found
        FROM mailing m LEFT JOIN tallied ON tallied.mailing_id = m.id
        WHERE m.deleted_at IS NULL
          AND (tallied.mailing_id IS NOT NULL
               OR (m.started_at < $2 AND (m.ended_at IS NULL OR m.ended_at >= $1)))
        ORDER BY coalesce(day_all, 0) DESC, m.id LIMIT $3
    )
    SELECT under_way.*, counted.* FROM under_way CROSS JOIN LATERAL (
        SELECT {COUNTER_SUMS} FROM message_count c
        WHERE c.mailing_id = under_way.id AND c.dimension = '' AND c.value = ''
    ) counted
    ORDER BY coalesce(day_all, 0) DESC, id
"""


@dataclass(frozen=True, slots=True)
class DayEndings:
    """How messages came to their end on a day."""

    by_hour: Mapping[int, Ended]
    """By the number of the hour, from 0; hours without any are left out."""
    failures: tuple[FailureFigures, ...]


@dataclass(frozen=True, slots=True)
class MailingsOfDay:
    """The mailings that were under way on a day."""

    listed: tuple[MailingFigures, ...]
    found: int
    messages: int
    """That came to their end on that day, of all that were found."""


async def counted_since() -> datetime | None:
    """From when on the tallies know everything; None: always."""
    since: datetime | None = await fetch_value("SELECT since FROM tally_start")
    return since


async def endings_of(day: ReportDay) -> DayEndings:
    """What came to its end on that day."""
    by_hour: defaultdict[int, dict[MessageStatus, int]] = defaultdict(lambda: dict.fromkeys(ENDS, 0))
    failures: list[FailureFigures] = []
    for row in await fetch(_ENDINGS, day.starts_at, day.ends_at):
        status = MessageStatus(row["status"])
        if row["is_hour"]:
            by_hour[row["hour"]][status] = row["messages"]
        elif status in LOST:
            failures.append(FailureFigures(status, row["reason"], row["messages"]))
    return DayEndings(by_hour, tuple(failures[:MOST_REASONS]))


async def hours_of(day: ReportDay, endings: DayEndings) -> tuple[HourFigures, ...]:
    """All hours of the day, with what the provider answered in them."""
    asked = {row["hour"]: row for row in await fetch(_REQUESTS, day.starts_at, day.ends_at)}
    nothing: Ended = dict.fromkeys(ENDS, 0)
    return tuple(
        _hour(starts_at, endings.by_hour.get(number, nothing), asked.get(number, _NO_REQUESTS))
        for number, starts_at in enumerate(day.hours)
    )


async def mailings_of(day: ReportDay) -> MailingsOfDay:
    """At most `MOST_MAILINGS` of them, those with most messages on that day first. Without deleted ones."""
    rows = await fetch(_MAILINGS, day.starts_at, day.ends_at, MOST_MAILINGS)
    if not rows:
        return MailingsOfDay((), 0, 0)
    return MailingsOfDay(tuple(_mailings(rows)), rows[0]["found"], rows[0]["of_found"])


async def forget_old_report_tallies() -> None:
    """Drop what is older than `KEPT_DAYS`, and note that it is gone."""
    row = await fetch_one("SELECT quarter_of(now() - make_interval(days => $1)) AS since", KEPT_DAYS)
    for statement in (
        "UPDATE tally_start SET since = $1 WHERE since < $1",
        "DELETE FROM ending_tally WHERE quarter < $1",
        "DELETE FROM request_tally WHERE quarter < $1",
        "DELETE FROM quarter_total WHERE quarter < $1",
    ):
        await fetch(statement, row["since"])


_NO_REQUESTS: Mapping[str, Any] = {"requests": 0, "failures": 0, "slow": 0, "mean_ms": None}


def _hour(starts_at: datetime, ended: Ended, asked: Mapping[str, Any]) -> HourFigures:
    return HourFigures(starts_at, ended, asked["requests"], asked["failures"], asked["slow"], asked["mean_ms"])


def _mailings(rows: Iterable[Mapping[str, Any]]) -> Iterable[MailingFigures]:
    for row in rows:
        yield MailingFigures(
            id=row["id"],
            text=row["text"],
            status=MailingStatus(row["status"]),
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            ended={status: row[f"day_{status.value.lower()}"] or 0 for status in ENDS},
            counts=counts_in(row),
        )
