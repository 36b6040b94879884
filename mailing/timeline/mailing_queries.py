"""The timelines of mailings: their events, and how the way to the provider stood while they were running.

Not what happened to each of a million messages: their own timelines tell that. Mailings that are deleted keep theirs.
"""

from collections.abc import Collection

from mailing.db.orm import fetch
from mailing.paging import Page, Slice, pages_of
from mailing.timeline.entries import FIRST_PLACE, LAST_PLACE, Place, Source, TimelineEntry
from mailing.timeline.event_queries import EVENT, HELD_SINCE, entry_of, within

_LIFE = """
    SELECT min(l.at) FILTER (WHERE l.kind = 'STARTED') AS started_at,
           coalesce(min(l.at) FILTER (WHERE l.kind IN ('FINISHED', 'CANCELLED', 'DELETED')), 'infinity') AS ended_at
    FROM event l WHERE l.subject = 'mailing' AND l.subject_id = owner.id
"""
_OF_MAILING = "e.subject = 'mailing' AND e.subject_id = owner.id"
_OF_CHANNEL = f"""
    e.subject = 'channel' AND e.subject_id = 0
    AND e.at BETWEEN {HELD_SINCE.format(moment="life.started_at")} AND life.ended_at
"""


async def pages_of_mailings(ids: Collection[int], part: Slice[Place]) -> dict[int, Page[TimelineEntry]]:
    """The same part of each mailing's timeline, from ranges of an index. Every id given has a page."""
    direction = "DESC" if part.from_end else "ASC"
    in_part = within("e.at", f"{Source.EVENT:d}", "e.id")
    ordered = f"ORDER BY at {direction}, id {direction} LIMIT $10"
    rows = await fetch(
        f"""
        SELECT owner.id AS owner_id, page.*
        FROM unnest($1::bigint[]) AS owner (id) CROSS JOIN LATERAL ({_LIFE}) life CROSS JOIN LATERAL (
            SELECT * FROM (
                (SELECT {EVENT} FROM event e WHERE {_OF_MAILING} AND {in_part} {ordered})
                UNION ALL
                (SELECT {EVENT} FROM event e WHERE {_OF_CHANNEL} AND {in_part} {ordered})
            ) AS candidate {ordered}
        ) page
        ORDER BY owner.id, page.at {direction}, page.id {direction}
        """,
        list(ids),
        *(part.after or FIRST_PLACE),
        *(part.before or LAST_PLACE),
        part.limit + 1,
    )
    return pages_of(ids, ((row["owner_id"], entry_of(row)) for row in rows), part)


async def counts_of_mailings(ids: Collection[int]) -> dict[int, int]:
    """How many entries each mailing's timeline has. Every id given has a count."""
    rows = await fetch(
        f"""
        SELECT owner.id, (SELECT count(*) FROM event e WHERE {_OF_MAILING})
                       + (SELECT count(*) FROM event e WHERE {_OF_CHANNEL}) AS count
        FROM unnest($1::bigint[]) AS owner (id) CROSS JOIN LATERAL ({_LIFE}) life
        """,
        list(ids),
    )
    return {row["id"]: row["count"] for row in rows}
