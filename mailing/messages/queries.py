"""Messages in the database, as they stand. Those of deleted mailings are invisible, and those that are kept no longer,
from the moment on at which their mailing says so: their rows go a little later."""

from collections.abc import Collection, Mapping
from typing import Any

from mailing.db.orm import fetch
from mailing.messages.counter_queries import read_counts_of_kept, status_in
from mailing.messages.page_queries import COLUMNS, KEPT, count_of_client, page_of_client, page_of_mailing
from mailing.messages.records import Attempt, MessageRow
from mailing.models.message import MessageStatus
from mailing.paging import Page, Slice, pages_of

__all__ = [
    "Attempt",
    "MessageRow",
    "attempts_of",
    "count_messages_of_clients",
    "count_messages_of_mailings",
    "messages_by_id",
    "messages_of_clients",
    "messages_of_mailings",
]

MOST_ATTEMPTS = 1_000
"""Of one message, the latest: more than the policy allows tries."""

_LARGEST_KEY = 2**63 - 1  # ids count from 1


async def messages_of_mailings(
    mailing_ids: Collection[int], statuses: Collection[MessageStatus] | None, part: Slice
) -> dict[int, Page[MessageRow]]:
    """The same part of each mailing's messages, in the order of their client ids; `part` is cut by client id.

    Only messages that stand at one of `statuses`; None or empty: any. Every id given has a page.
    """
    return await _pages(page_of_mailing(frozenset(statuses or ()), part.from_end), "mailing_id", mailing_ids, part)


async def messages_of_clients(
    client_ids: Collection[int], statuses: Collection[MessageStatus] | None, part: Slice
) -> dict[int, Page[MessageRow]]:
    """The same part of each client's messages, in the order of their ids.

    Only messages that stand at one of `statuses`; None or empty: any. Every id given has a page.
    """
    return await _pages(page_of_client(frozenset(statuses or ()), part.from_end), "client_id", client_ids, part)


async def messages_by_id(ids: Collection[int]) -> dict[int, MessageRow]:
    """Those that exist, by their id."""
    rows = await fetch(
        f"""
        SELECT g.closed_as, {COLUMNS}
        FROM message m JOIN mailing g ON g.id = m.mailing_id
        WHERE m.id = ANY($1::bigint[]) AND {KEPT}
        """,
        list(ids),
    )
    return {row["id"]: _message(row) for row in rows}


async def attempts_of(message_ids: Collection[int]) -> dict[int, list[Attempt]]:
    """Each message's requests to the provider, oldest first, of very many the latest. Every id given has a list."""
    rows = await fetch(
        """
        SELECT latest.* FROM unnest($1::bigint[]) AS wanted (id) CROSS JOIN LATERAL (
            SELECT message_id, number, started_at, duration_ms, outcome, http_status, code, excerpt, text_version,
                   spent, next_try_at
            FROM delivery_attempt WHERE message_id = wanted.id
            ORDER BY started_at DESC, number DESC LIMIT $2
        ) latest
        ORDER BY message_id, started_at, number
        """,
        list(set(message_ids)),
        MOST_ATTEMPTS,
    )
    attempts: dict[int, list[Attempt]] = {id: [] for id in message_ids}
    for row in rows:
        attempts[row["message_id"]].append(_attempt(row))
    return attempts


async def count_messages_of_mailings(
    mailing_ids: Collection[int], statuses: Collection[MessageStatus] | None
) -> dict[int, int]:
    """How many messages `messages_of_mailings` would list in all, from the counters: exact, and the same cost
    for any number of messages. Every id given has a count."""
    wanted = frozenset(statuses or MessageStatus)
    counts = await read_counts_of_kept(mailing_ids)
    return {id: sum(n for status, n in counts.get(id, {}).items() if status in wanted) for id in mailing_ids}


async def count_messages_of_clients(
    client_ids: Collection[int], statuses: Collection[MessageStatus] | None
) -> dict[int, int]:
    """How many messages `messages_of_clients` would list in all, counted one by one. Every id given has a count."""
    rows = await fetch(count_of_client(frozenset(statuses or ())), list(client_ids))
    return dict.fromkeys(client_ids, 0) | {row["client_id"]: row["count"] for row in rows}


async def _pages(sql: str, owner: str, ids: Collection[int], part: Slice) -> dict[int, Page[MessageRow]]:
    after = 0 if part.after is None else part.after
    before = _LARGEST_KEY if part.before is None else part.before
    rows = await fetch(sql, list(dict.fromkeys(ids)), after, before, part.limit + 1)
    return pages_of(ids, ((row[owner], _message(row)) for row in rows), part)


def _message(row: Mapping[str, Any]) -> MessageRow:
    return MessageRow(
        id=row["id"],
        mailing_id=row["mailing_id"],
        client_id=row["client_id"],
        status=status_in(row),
        reason=row["reason"],
        attempts=row["attempts"],
        created_at=row["created_at"],
        sent_at=row["sent_at"],
    )


def _attempt(row: Mapping[str, Any]) -> Attempt:
    return Attempt(
        number=row["number"],
        started_at=row["started_at"],
        duration_ms=row["duration_ms"],
        outcome=row["outcome"],
        http_status=row["http_status"],
        code=row["code"],
        excerpt=row["excerpt"],
        text_version=row["text_version"],
        spent=row["spent"],
        next_try_at=row["next_try_at"],
    )
