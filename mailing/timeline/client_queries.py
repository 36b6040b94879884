"""The timelines of clients: their events, and the steps of all messages to them.

Costs grow with the number of messages that the client has been sent, never with those of others. What a mailing did
is told of in its own timeline, and of messages in theirs. Clients who are deleted keep their timelines, without phones.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from mailing.db.orm import fetch
from mailing.messages.counter_queries import status_in
from mailing.messages.page_queries import KEPT
from mailing.messages.records import Attempt
from mailing.paging import Page, Slice, pages_of
from mailing.timeline.ending_queries import ENDED_AT
from mailing.timeline.entries import FIRST_PLACE, LAST_PLACE, EntryKind, Place, Source, TimelineEntry
from mailing.timeline.event_queries import EVENT, details_in, entry_of, within
from mailing.timeline.steps import MessageIds, created, ended, tried

_MESSAGES = f"message m JOIN mailing g ON g.id = m.mailing_id AND {KEPT}"
_EVENTS = f"SELECT {EVENT} FROM event e WHERE e.subject = 'client' AND e.subject_id = owner.id"
# Of a client who was there before events were recorded, the row tells when that began.
_ADDED_BEFORE = f"""
    SELECT c.created_at, {Source.EVENT:d}, 0, 0, '{EntryKind.CLIENT_CREATED}', NULL, NULL, NULL::jsonb,
           NULL::bigint, c.id, NULL::bigint
    FROM client c WHERE c.id = owner.id AND NOT EXISTS (
        SELECT FROM event e WHERE e.subject = 'client' AND e.subject_id = c.id AND e.kind = 'CREATED'
    )
"""
_CREATIONS = f"""
    SELECT m.created_at, {Source.CREATION:d}, m.id, 0, '{EntryKind.MESSAGE_CREATED}', NULL, NULL, NULL::jsonb,
           m.mailing_id, m.client_id, m.id
    FROM {_MESSAGES} WHERE m.client_id = owner.id
"""
_TRIES = f"""
    SELECT a.started_at, {Source.TRY:d}, m.id, 2 * a.number + a.spent::int, '{EntryKind.MESSAGE_TRIED}', NULL, NULL,
           to_jsonb(a), m.mailing_id, m.client_id, m.id
    FROM {_MESSAGES} JOIN delivery_attempt a ON a.message_id = m.id WHERE m.client_id = owner.id
"""
_ENDINGS = f"""
    SELECT ended.at, {Source.ENDING:d}, m.id, 0, '{EntryKind.MESSAGE_ENDED}', NULL, NULL, jsonb_build_object(
               'status', m.status, 'uncertain', m.uncertain, 'closed_as', g.closed_as, 'reason', m.reason
           ), m.mailing_id, m.client_id, m.id
    FROM {_MESSAGES} CROSS JOIN LATERAL (SELECT {ENDED_AT} AS at) ended
    WHERE m.client_id = owner.id AND ended.at IS NOT NULL
"""
_ALL = " UNION ALL ".join((_EVENTS, _ADDED_BEFORE, _CREATIONS, _TRIES, _ENDINGS))


async def pages_of_clients(ids: Collection[int], part: Slice[Place]) -> dict[int, Page[TimelineEntry]]:
    """The same part of each client's timeline. Every id given has a page."""
    direction = "DESC" if part.from_end else "ASC"
    order = ", ".join(f"{column} {direction}" for column in ("at", "source", "id", "number"))
    rows = await fetch(
        f"""
        SELECT owner.id AS owner_id, page.*
        FROM unnest($1::bigint[]) AS owner (id) CROSS JOIN LATERAL (
            SELECT * FROM ({_ALL}) AS step WHERE {within("at", "source", "id", "number")} ORDER BY {order} LIMIT $10
        ) page
        ORDER BY owner.id, {order}
        """,
        list(ids),
        *(part.after or FIRST_PLACE),
        *(part.before or LAST_PLACE),
        part.limit + 1,
    )
    return pages_of(ids, ((row["owner_id"], _entry(row)) for row in rows), part)


async def counts_of_clients(ids: Collection[int]) -> dict[int, int]:
    """How many entries each client's timeline has. Every id given has a count."""
    rows = await fetch(
        f"""
        SELECT owner.id, (SELECT count(*) FROM ({_ALL}) AS step) AS count FROM unnest($1::bigint[]) AS owner (id)
        """,
        list(ids),
    )
    return {row["id"]: row["count"] for row in rows}


def _entry(row: Mapping[str, Any]) -> TimelineEntry:
    message = MessageIds(row["mailing_id"], row["client_id"], row["message_id"])
    match EntryKind(row["kind"]):
        case EntryKind.MESSAGE_CREATED:
            return created(row["at"], message)
        case EntryKind.MESSAGE_TRIED:
            return tried(_attempt(row["at"], details_in(row)), message)
        case EntryKind.MESSAGE_ENDED:
            details = details_in(row)
            return ended(row["at"], status_in(details), details["reason"], message)
        case _:
            return entry_of(row)


def _attempt(started_at: datetime, details: Mapping[str, Any]) -> Attempt:
    next_try_at = details["next_try_at"]
    return Attempt(
        number=details["number"],
        started_at=started_at,
        duration_ms=details["duration_ms"],
        outcome=details["outcome"],
        http_status=details["http_status"],
        code=details["code"],
        excerpt=details["excerpt"],
        text_version=details["text_version"],
        spent=details["spent"],
        next_try_at=datetime.fromisoformat(next_try_at) if next_try_at else None,
    )
