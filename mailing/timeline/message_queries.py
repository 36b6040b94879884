"""What the timelines of messages are told from, besides their attempts and events."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailing.db.orm import fetch
from mailing.delivery.window import LocalTimeWindow
from mailing.messages.counter_queries import status_in
from mailing.messages.page_queries import KEPT
from mailing.models.message import MessageStatus
from mailing.timeline.ending_queries import ENDED_AT


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What the rows say of a message, as of `now`."""

    id: int
    mailing_id: int
    client_id: int
    created_at: datetime
    status: MessageStatus
    """The effective one."""
    reason: str | None
    ended_at: datetime | None
    """When it got its final status; None while it has none."""
    timezone: str
    started_at: datetime
    """When its mailing started, or earlier."""
    window: LocalTimeWindow | None
    now: datetime


async def read_facts(ids: Collection[int]) -> dict[int, MessageFacts]:
    """Those that exist, by their id."""
    rows = await fetch(
        f"""
        SELECT m.id, m.mailing_id, m.client_id, m.created_at, m.status, m.uncertain, m.reason, m.timezone, g.closed_as,
               g.window_opens_at, g.window_closes_at, {ENDED_AT} AS ended_at,
               least(g.started_at, m.created_at) AS started_at, now() AS now
        FROM message m JOIN mailing g ON g.id = m.mailing_id
        WHERE m.id = ANY($1::bigint[]) AND {KEPT}
        """,
        list(ids),
    )
    return {row["id"]: _facts(row) for row in rows}


def _facts(row: Mapping[str, Any]) -> MessageFacts:
    return MessageFacts(
        id=row["id"],
        mailing_id=row["mailing_id"],
        client_id=row["client_id"],
        created_at=row["created_at"],
        status=status_in(row),
        reason=row["reason"],
        ended_at=row["ended_at"],
        timezone=row["timezone"],
        started_at=row["started_at"],
        window=LocalTimeWindow.between(row["window_opens_at"], row["window_closes_at"]),
        now=row["now"],
    )
