"""Slots and leases in SQL: who may work on a mailing, and until when.

Every statement that changes messages under a lease begins by locking the slot's row through its token, then the
mailing's (shared), then the messages: whoever lost the token changes nothing, and a pause, an edit or an end is
seen in the order in which it was committed.
"""

from dataclasses import dataclass
from datetime import timedelta

from mailing.db.orm import fetch, fetch_value


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send for one mailing. `token` is never used twice."""

    mailing_id: int
    token: int


async def make_slots(mailing_id: int, count: int) -> None:
    """Give a mailing its units of parallelism; those that it has stay."""
    await fetch(
        "INSERT INTO delivery_slot (mailing_id, slot) SELECT $1, generate_series(0, $2 - 1) ON CONFLICT DO NOTHING",
        mailing_id,
        count,
    )


async def take_slot(mailing_id: int, worker: str, lease: timedelta) -> Lease | None:
    """A free slot of the mailing, leased to `worker`; None if all are taken. No pump multiplies beyond its slots."""
    token = await fetch_value(
        """
        UPDATE delivery_slot
        SET token = nextval('delivery_token') * 64 + slot, leased_until = now() + $3, worker = $2,
            woken_at = NULL, wakes = 0
        WHERE (mailing_id, slot) = (
            SELECT mailing_id, slot FROM delivery_slot
            WHERE mailing_id = $1 AND token IS NULL
            ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED
        )
        RETURNING token
        """,
        mailing_id,
        worker,
        lease,
    )
    return None if token is None else Lease(mailing_id, token)


async def release_slot(lease: Lease) -> None:
    """Free the slot for another pump. One that still has messages stays leased, and the rescue takes them back."""
    await fetch(
        """
        UPDATE delivery_slot SET token = NULL, leased_until = NULL, worker = NULL, woken_at = NULL, wakes = 0
        WHERE token = $1 AND NOT EXISTS (SELECT FROM message WHERE status = 'SENDING' AND lease_token = $1)
        """,
        lease.token,
    )


async def expired_tokens(limit: int) -> list[int]:
    """Tokens whose worker fell silent, oldest first."""
    rows = await fetch(
        """
        SELECT token FROM delivery_slot
        WHERE token IS NOT NULL AND leased_until < now() ORDER BY leased_until LIMIT $1
        """,
        limit,
    )
    return [row["token"] for row in rows]
