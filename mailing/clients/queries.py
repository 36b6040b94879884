"""Clients in the database."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from asyncpg import UniqueViolationError
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from mailing.clients.validation import NewClient
from mailing.db.orm import fetch, fetch_value
from mailing.delivery.reasons import CLIENT_DELETED
from mailing.models import Client


async def clients_by_id(ids: Collection[int]) -> dict[int, Client]:
    """Those that exist, by their id."""
    return {client.id: client for client in await Client.filter(id__in=ids)}


async def insert_client(new: NewClient) -> Client | None:
    """The new row, or None if another client has the phone: also one who is being added at this moment."""
    rows = await fetch(
        """
        INSERT INTO client (phone, operator_code, tag, timezone) VALUES ($1, $2, $3, $4)
        ON CONFLICT (phone) DO NOTHING RETURNING *
        """,
        *new,
    )
    return Client.construct(**rows[0]) if rows else None


async def id_of_phone(phone: int) -> int | None:
    """The client who has the phone."""
    found: int | None = await fetch_value("SELECT id FROM client WHERE phone = $1", phone)
    return found


async def lock_client(client_id: int) -> Client | None:
    """The client, whom nobody else changes before this transaction ends."""
    return await Client.filter(id=client_id).select_for_update().get_or_none()


async def update_client(client_id: int, values: dict[str, Any]) -> Client | None:
    """The row with its new values (by column), or None if another client has the phone. The row must exist.

    The savepoint keeps the transaction usable after a conflict.
    """
    assignments = ", ".join(f"{column} = ${n}" for n, column in enumerate(values, start=2))
    try:
        async with in_transaction("default"):
            (row,) = await fetch(
                f"UPDATE client SET {assignments}, updated_at = now() WHERE id = $1 RETURNING *",
                client_id,
                *values.values(),
            )
    except IntegrityError as e:
        if isinstance(e.__cause__, UniqueViolationError):
            return None
        raise
    return Client.construct(**row)


async def delete_client(client_id: int) -> None:
    """Remove the row."""
    await fetch("DELETE FROM client WHERE id = $1", client_id)


async def lock_open_mailings(client_ids: Sequence[int]) -> list[int]:
    """The mailings in which a message waits for any of the clients, kept open until this transaction ends.

    Those in which a worker holds one count, too: it may be handed back at any moment.
    """
    rows = await fetch(
        """
        SELECT id FROM mailing
        WHERE id IN (
            SELECT mailing_id FROM message WHERE client_id = ANY($1::bigint[]) AND status IN ('PENDING', 'SENDING')
        )
          AND closed_as IS NULL AND deleted_at IS NULL
        ORDER BY id FOR SHARE
        """,
        client_ids,
    )
    return [row["id"] for row in rows]


class OfMailing(NamedTuple):
    """A message, with whose it is."""

    mailing_id: int
    client_id: int
    message_id: int


async def redirect_messages(client_ids: Sequence[int], mailing_ids: Sequence[int]) -> list[OfMailing]:
    """Let the clients' messages of these mailings go to the clients' present phones, by the present zones.

    One that a worker holds goes there with its next try. Tells which they were.

    Locks them in the order of their ids, as workers do. Messages are looked up client by client, by the index: OFFSET
    keeps the planner from going through a whole mailing, which it takes for small while its audience is being selected.
    """
    rows = await fetch(
        """
        WITH found AS (
            SELECT m.id, client.phone, client.timezone
            FROM client CROSS JOIN LATERAL (
                SELECT id FROM message
                WHERE client_id = client.id AND mailing_id = ANY($2::bigint[]) AND status IN ('PENDING', 'SENDING')
                OFFSET 0
            ) AS m
            WHERE client.id = ANY($1::bigint[])
        ), locked AS (
            SELECT m.id, found.phone, found.timezone FROM found JOIN message AS m USING (id)
            ORDER BY m.id FOR UPDATE OF m
        )
        UPDATE message SET phone = locked.phone, timezone = locked.timezone
        FROM locked
        WHERE message.id = locked.id AND message.status IN ('PENDING', 'SENDING')
        RETURNING message.mailing_id, message.client_id, message.id
        """,
        client_ids,
        mailing_ids,
    )
    return [OfMailing(row["mailing_id"], row["client_id"], row["id"]) for row in rows]


async def withdraw_messages(client_id: int, mailing_ids: Sequence[int]) -> list[OfMailing]:
    """Take the phone from all messages of the client, and end those of these mailings that still wait.

    One that the provider may already have ends UNCONFIRMED. Tells which were ended.
    """
    rows = await fetch(
        f"""
        UPDATE message AS m SET phone = NULL,
            status = CASE WHEN NOT ends THEN m.status WHEN m.uncertain THEN 'UNCONFIRMED' ELSE 'CANCELLED' END,
            reason = CASE WHEN ends THEN '{CLIENT_DELETED}' ELSE m.reason END,
            ended_at = CASE WHEN ends THEN now() ELSE m.ended_at END
        FROM (SELECT id, status = 'PENDING' AND mailing_id = ANY($2::bigint[]) AS ends
              FROM message WHERE client_id = $1 ORDER BY id FOR UPDATE) AS found
        WHERE m.id = found.id RETURNING m.mailing_id, m.id, ends
        """,
        client_id,
        mailing_ids,
    )
    return [OfMailing(row["mailing_id"], client_id, row["id"]) for row in rows if row["ends"]]
