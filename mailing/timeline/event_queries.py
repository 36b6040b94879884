"""Audit events, as entries of timelines."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from mailing.db.orm import fetch
from mailing.timeline.entries import EntryKind, Place, Source, TimelineEntry

EVENT = f"""
    e.at, {Source.EVENT:d} AS source, e.id, 0 AS number, upper(e.subject) || '_' || e.kind AS kind,
    e.acted_by, e.operation_id, e.details,
    CASE e.subject WHEN 'mailing' THEN e.subject_id END AS mailing_id,
    CASE e.subject WHEN 'client' THEN e.subject_id END AS client_id,
    NULL::bigint AS message_id
"""
"""Selects of `event e` what `entry_of` reads."""

HELD_SINCE = """
    coalesce((
        SELECT CASE h.kind WHEN 'HELD' THEN h.at END FROM event h
        WHERE h.subject = 'channel' AND h.subject_id = 0 AND h.at <= {moment} ORDER BY h.at DESC, h.id DESC LIMIT 1
    ), {moment})
"""
"""Format with a moment: from when on to tell of the channel, so that one that was held by then is told of, too."""

MOST_EVENTS = 1_000
"""Of one mailing, one client or the channel, the latest, where they are read as a whole: more than people make."""


class Span(NamedTuple):
    """Whose events to read for a message: its mailing's since its start, the others within the message's own life."""

    mailing_id: int
    client_id: int
    started_at: datetime
    created_at: datetime
    over_at: datetime


def within(at: str, source: str, id: str, number: str = "0") -> str:
    """The condition that a place lies between two others, $2 to $5 and $6 to $9, exclusive.

    The moment stands in a condition of its own, for that is what an index can go by.
    """
    place = f"({at}, {source}, {id}, {number})"
    return f"""
        {at} BETWEEN $2 AND $6
        AND {place} > ($2::timestamptz, $3::int, $4::bigint, $5::int)
        AND {place} < ($6::timestamptz, $7::int, $8::bigint, $9::int)
    """


async def events_of(spans: Mapping[int, Span]) -> dict[int, list[TimelineEntry]]:
    """By key of `spans`: the events of that mailing, that client and of the channel, in their order."""
    rows = await fetch(
        f"""
        SELECT span.key, found.*
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[],
                    $6::timestamptz[])
            AS span (key, mailing_id, client_id, started_at, created_at, over_at)
        CROSS JOIN LATERAL (
            (SELECT {EVENT} FROM event e
             WHERE e.subject = 'mailing' AND e.subject_id = span.mailing_id AND e.at >= span.started_at
             ORDER BY e.at DESC, e.id DESC LIMIT $7)
            UNION ALL
            (SELECT {EVENT} FROM event e
             WHERE e.subject = 'client' AND e.subject_id = span.client_id
               AND e.at BETWEEN span.created_at AND span.over_at
             ORDER BY e.at DESC, e.id DESC LIMIT $7)
            UNION ALL
            (SELECT {EVENT} FROM event e
             WHERE e.subject = 'channel' AND e.subject_id = 0
               AND e.at BETWEEN {HELD_SINCE.format(moment="span.created_at")} AND span.over_at
             ORDER BY e.at DESC, e.id DESC LIMIT $7)
        ) AS found
        ORDER BY span.key, found.at, found.id
        """,
        list(spans),
        *map(list, zip(*spans.values(), strict=True)),
        MOST_EVENTS,
    )
    found: dict[int, list[TimelineEntry]] = {key: [] for key in spans}
    for row in rows:
        found[row["key"]].append(entry_of(row))
    return found


async def latest_events(subject: Literal["mailing", "client"], id: int) -> list[TimelineEntry]:
    """The events of a mailing or client in their order; of very many, the latest."""
    rows = await fetch(
        f"""
        SELECT {EVENT} FROM event e WHERE e.subject = $1 AND e.subject_id = $2
        ORDER BY e.at DESC, e.id DESC LIMIT $3
        """,
        subject,
        id,
        MOST_EVENTS,
    )
    return [entry_of(row) for row in reversed(rows)]


def entry_of(row: Mapping[str, Any]) -> TimelineEntry:
    """An event as an entry."""
    details = details_in(row)
    return TimelineEntry(
        Place(row["at"], Source(row["source"]), row["id"], row["number"]),
        EntryKind(row["kind"]),
        user=row["acted_by"],
        operation_id=row["operation_id"],
        mailing_id=row["mailing_id"],
        client_id=row["client_id"],
        message_id=row["message_id"],
        changes={column: (old, new) for column, (old, new) in details.get("changes", {}).items()},
        messages=details.get("messages"),
        days=details.get("days"),
        cause=details.get("cause"),
        reason=details.get("reason"),
    )


def details_in(row: Mapping[str, Any]) -> dict[str, Any]:
    """The details of a row; empty without any."""
    details: dict[str, Any] = json.loads(row["details"]) if row["details"] else {}
    return details
