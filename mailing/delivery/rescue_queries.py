"""Taking back messages in SQL: slot first, then the mailing (shared), then the messages."""

from typing import NamedTuple

from mailing.db.orm import fetch
from mailing.models.message import MessageStatus


class ExpiredSlot(NamedTuple):
    """Of a lease that has ended."""

    mailing_id: int
    worker: str | None


class TakenBack(NamedTuple):
    """A message that was put back, or set aside."""

    client_id: int
    id: int
    status: MessageStatus


async def lock_expired_slot(token: int) -> ExpiredSlot | None:
    """Lock the slot if its lease is over; None if it is renewed, freed, or being rescued."""
    rows = await fetch(
        """
        SELECT mailing_id, worker FROM delivery_slot
        WHERE token = $1 AND leased_until < now() FOR UPDATE SKIP LOCKED
        """,
        token,
    )
    return ExpiredSlot(rows[0]["mailing_id"], rows[0]["worker"]) if rows else None


async def take_back(mailing_id: int, token: int, crash_limit: int, max_attempts: int) -> list[TakenBack]:
    """Put the messages under `token` back, each with an attempt of unknown outcome.

    Whether the worker had sent them is not known, so each may have been accepted. One whose worker died under it
    `crash_limit` times is set aside as UNCONFIRMED, so that a message that kills workers cannot do so for ever; so
    is one that gets no further try, because they are used up, its mailing is closed or its client deleted.
    """
    rows = await fetch(
        """
        WITH standing AS (
            SELECT closed_as FROM mailing WHERE id = $1 FOR SHARE
        ), held AS (
            -- By id, as everybody locks several messages.
            SELECT m.id, s.closed_as FROM standing s CROSS JOIN message m
            WHERE m.lease_token = $2 AND m.status = 'SENDING' ORDER BY m.id FOR UPDATE OF m
        ), taken AS (
            UPDATE message m SET
                status = CASE
                    WHEN s.closed_as IS NULL AND m.phone IS NOT NULL AND m.crashes + 1 < $3
                        AND m.attempts < $4 THEN 'PENDING'
                    ELSE 'UNCONFIRMED'
                END,
                ended_at = CASE
                    WHEN s.closed_as IS NOT NULL OR m.phone IS NULL OR m.crashes + 1 >= $3 OR m.attempts >= $4
                    THEN clock_timestamp()
                END,
                reason = 'worker died',
                uncertain = true, crashes = m.crashes + 1, due_at = now(), lease_token = NULL
            FROM held s
            WHERE m.id = s.id
            RETURNING m.id, m.client_id, m.attempts, m.status
        ), told AS (
            INSERT INTO delivery_attempt (message_id, number, started_at, outcome)
            SELECT id, attempts, now(), 'LOST' FROM taken
        )
        SELECT client_id, id, status FROM taken
        """,
        mailing_id,
        token,
        crash_limit,
        max_attempts,
    )
    return [TakenBack(row["client_id"], row["id"], MessageStatus(row["status"])) for row in rows]


async def tell_of_rescue(mailing_id: int, token: int, messages: int) -> None:
    """Leave an event for the mailing's timeline, with the name of the worker that held the slot."""
    await fetch(
        """
        SELECT record_event(
            'mailing', $1, 'LEASE_TAKEN_BACK', jsonb_build_object('messages', $3::int, 'reason', worker)
        )
        FROM delivery_slot WHERE token = $2
        """,
        mailing_id,
        token,
        messages,
    )


async def free_slot(token: int) -> None:
    """Let another pump have the slot."""
    await fetch(
        """
        UPDATE delivery_slot SET token = NULL, leased_until = NULL, worker = NULL, woken_at = NULL, wakes = 0
        WHERE token = $1
        """,
        token,
    )
