"""The statements that read one page of messages for each of several owners, each page from one range of an index.

All take: $1 the owners' ids, $2 and $3 the keys between which to read, exclusive, $4 how many rows at most. Rows of
one owner come in the direction of reading. Statuses stand in the text, not in parameters: the planner uses a
partial index only where it can see that the condition holds.
"""

from functools import cache

from mailing.messages.status import CLOSED_AS, StoredRows, stored_as
from mailing.models.message import MessageStatus

COLUMNS = ", ".join(
    f"m.{column}"
    for column in (
        "id", "mailing_id", "client_id", "status", "uncertain", "reason", "attempts", "created_at", "sent_at",
    )
)  # fmt: skip
"""Of `message m`: what a message is told by, together with its mailing's `closed_as`."""

KEPT = "g.deleted_at IS NULL AND g.messages_removed_at IS NULL"
"""Of `mailing g`: its messages are there. Rows of others are on their way out."""

_CLOSINGS = (None, *CLOSED_AS)


@cache
def page_of_mailing(statuses: frozenset[MessageStatus], from_end: bool) -> str:
    """By mailing, in the order of client ids; only messages that stand at one of `statuses`, empty: any."""
    direction = "DESC" if from_end else "ASC"
    conditions = _conditions(statuses)
    # Each condition is a range of an index of its own, already in order: read the page from each and merge them.
    candidates = " UNION ALL ".join(
        f"""
        (SELECT {COLUMNS} FROM message m
         WHERE m.mailing_id = g.id AND m.client_id > $2 AND m.client_id < $3 AND {condition}
         ORDER BY m.client_id {direction} LIMIT $4)
        """
        for condition in conditions
    )
    return f"""
        SELECT g.closed_as, page.*
        FROM mailing g CROSS JOIN LATERAL (
            SELECT * FROM ({candidates}) AS candidate ORDER BY client_id {direction} LIMIT $4
        ) page
        WHERE g.id = ANY($1::bigint[]) AND {KEPT}
        ORDER BY g.id, page.client_id {direction}
    """


@cache
def page_of_client(statuses: frozenset[MessageStatus], from_end: bool) -> str:
    """By client, in the order of message ids; only messages that stand at one of `statuses`, empty: any."""
    direction = "DESC" if from_end else "ASC"
    return f"""
        SELECT page.*
        FROM unnest($1::bigint[]) AS owner (id) CROSS JOIN LATERAL (
            SELECT g.closed_as, {COLUMNS}
            FROM message m JOIN mailing g ON g.id = m.mailing_id
            WHERE m.client_id = owner.id AND m.id > $2 AND m.id < $3 AND {KEPT} AND {_stands_at(statuses)}
            ORDER BY m.id {direction} LIMIT $4
        ) page
        ORDER BY page.client_id, page.id {direction}
    """


@cache
def count_of_client(statuses: frozenset[MessageStatus]) -> str:
    """How many messages `page_of_client` would list of each client that has any; $1 are the clients' ids.

    A client has at most one message of each mailing, so they are counted one by one.
    """
    return f"""
        SELECT m.client_id, count(*) AS count
        FROM message m JOIN mailing g ON g.id = m.mailing_id
        WHERE m.client_id = ANY($1::bigint[]) AND {KEPT} AND {_stands_at(statuses)}
        GROUP BY m.client_id
    """


def _stands_at(statuses: frozenset[MessageStatus]) -> str:
    """Of `message m` of `mailing g`."""
    return f"({' OR '.join(f'({condition})' for condition in _conditions(statuses))})"


def _conditions(statuses: frozenset[MessageStatus]) -> list[str]:
    """One for each set of stored rows that stands at one of `statuses` in a mailing that is open or closed as X."""
    if len(statuses) in {0, len(MessageStatus)}:
        return ["true"]
    closings: dict[StoredRows, list[MessageStatus | None]] = {}
    for status in sorted(statuses):
        for closed_as in _CLOSINGS:
            for rows in stored_as(status, closed_as):
                closings.setdefault(rows, []).append(closed_as)
    return [_condition(rows, under) for rows, under in closings.items()]


def _condition(rows: StoredRows, closings: list[MessageStatus | None]) -> str:
    parts = [f"m.status = '{rows.status.value}'"]
    if rows.uncertain is not None:
        parts.append("m.uncertain" if rows.uncertain else "NOT m.uncertain")
    if len(closings) < len(_CLOSINGS):
        allowed = [f"g.closed_as = '{closed_as.value}'" for closed_as in closings if closed_as is not None]
        if None in closings:
            allowed.append("g.closed_as IS NULL")
        parts.append(f"({' OR '.join(allowed)})")
    return " AND ".join(parts)
