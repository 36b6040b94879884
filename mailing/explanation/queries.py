"""Reads what an explanation is made from: five statements, each from an index, whatever the tables hold."""

from collections.abc import Mapping
from typing import Any

from mailing.db.orm import fetch_one
from mailing.delivery.channel_health import read_channel
from mailing.delivery.window import LocalTimeWindow
from mailing.explanation.facts import ClientFacts, Facts, MailingFacts, MessageFacts
from mailing.messages.counter_queries import status_in
from mailing.messages.queries import attempts_of
from mailing.messages.records import Attempt
from mailing.models.mailing import MailingStatus
from mailing.timeline.ending_queries import ENDED_AT
from mailing.timeline.event_queries import latest_events


async def read(client_id: int, mailing_id: int) -> Facts | None:
    """What is known; None if there never was such a client, or such a mailing."""
    row = await fetch_one(
        f"""
        SELECT now() AS now,
               g.id AS mailing_id, g.status AS mailing_status, g.starts_at, g.ends_at, g.operator_codes, g.tags,
               g.window_opens_at, g.window_closes_at, g.selected_at, g.recheck_cursor, g.closed_as,
               g.messages_removed_at,
               c.id AS client_id, c.operator_code, c.tag, c.timezone, c.created_at,
               m.id AS message_id, m.operator_code AS message_operator_code, m.tag AS message_tag,
               m.timezone AS message_timezone, m.status, m.uncertain, m.reason, m.due_at,
               m.created_at AS message_created_at, {ENDED_AT} AS ended_at
        FROM (VALUES ($1::bigint, $2::bigint)) AS asked (client_id, mailing_id)
        LEFT JOIN mailing g ON g.id = asked.mailing_id AND g.deleted_at IS NULL
        LEFT JOIN client c ON c.id = asked.client_id
        LEFT JOIN message m ON m.mailing_id = g.id AND m.client_id = asked.client_id AND g.messages_removed_at IS NULL
        """,
        client_id,
        mailing_id,
    )
    mailing_events = await latest_events("mailing", mailing_id)
    client_events = await latest_events("client", client_id)
    if row["mailing_id"] is None and not mailing_events:
        return None
    if row["client_id"] is None and row["message_id"] is None and not client_events:
        return None
    attempts = (await attempts_of([row["message_id"]]))[row["message_id"]] if row["message_id"] else []
    return Facts(
        now=row["now"],
        mailing=_mailing(row) if row["mailing_id"] else None,
        client=_client(row) if row["client_id"] else None,
        message=_message(row, attempts) if row["message_id"] else None,
        channel=await read_channel(),
        mailing_events=mailing_events,
        client_events=client_events,
    )


def _mailing(row: Mapping[str, Any]) -> MailingFacts:
    return MailingFacts(
        status=MailingStatus(row["mailing_status"]),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        operator_codes=row["operator_codes"],
        tags=row["tags"],
        window=LocalTimeWindow.between(row["window_opens_at"], row["window_closes_at"]),
        is_selected=row["selected_at"] is not None,
        is_being_checked=row["recheck_cursor"] is not None,
        is_closed=row["closed_as"] is not None,
        messages_removed_at=row["messages_removed_at"],
    )


def _client(row: Mapping[str, Any]) -> ClientFacts:
    return ClientFacts(row["operator_code"], row["tag"], row["timezone"], row["created_at"])


def _message(row: Mapping[str, Any], attempts: list[Attempt]) -> MessageFacts:
    return MessageFacts(
        id=row["message_id"],
        operator_code=row["message_operator_code"],
        tag=row["message_tag"],
        timezone=row["message_timezone"],
        status=status_in(row),
        is_uncertain=row["uncertain"],
        reason=row["reason"],
        due_at=row["due_at"],
        created_at=row["message_created_at"],
        ended_at=row["ended_at"],
        attempts=attempts,
    )
