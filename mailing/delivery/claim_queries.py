"""Taking messages under a lease and writing what became of them, each in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailing.db.locks import MAILING_ROWS
from mailing.db.orm import fetch
from mailing.delivery.messages import Claimed, Result, Terms
from mailing.delivery.reasons import CLIENT_DELETED
from mailing.delivery.slot_queries import Lease
from mailing.delivery.urgency import seconds_until_closing
from mailing.delivery.window import LocalTimeWindow
from mailing.origin import Origin


@dataclass(frozen=True, slots=True)
class Standing:
    """How the mailing stands for the holder of a lease, as of the database's `now`."""

    now: datetime
    revision: int
    may_send: bool
    """It runs, has not been closed, and its audience is not being checked against a new filter."""


# Renews the lease and locks slot and mailing in that order. No row: the lease is lost. Whoever waits to change the
# mailing goes first (`queue_for_mailing_row`).
_STANDING = f"""
    lease AS (
        UPDATE delivery_slot SET leased_until = now() + $2 WHERE token = $1
        RETURNING mailing_id, pg_advisory_xact_lock_shared({MAILING_ROWS} + mailing_id)
    ), standing AS (
        SELECT m.id, m.revision, m.closed_as, m.window_opens_at, m.window_closes_at,
               m.status = 'RUNNING' AND m.closed_as IS NULL AND m.recheck_cursor IS NULL AND now() < m.ends_at
                   AS may_send
        FROM mailing m JOIN lease ON lease.mailing_id = m.id
        FOR SHARE OF m
    )
"""

# Zones are few and messages many, so the window is judged by zone: a window that opens or closes rewrites no row.
# Each zone is read in order of its own index range, and reading stops as soon as there are enough. The zone whose
# window closes first comes first; among those that close together, or for who takes any by chance, another one each
# time, so that none waits until all of another is sent.
_CLAIM = f"""
    WITH {_STANDING}, open_zone AS (
        SELECT c.value AS zone
        FROM standing s JOIN message_count c ON c.mailing_id = s.id AND c.dimension = 'timezone'
        WHERE s.may_send
        GROUP BY c.value, s.window_opens_at, s.window_closes_at
        HAVING sum(c.pending) > 0 AND window_is_open(c.value, s.window_opens_at, s.window_closes_at, now())
        ORDER BY CASE WHEN NOT $4::bool THEN {seconds_until_closing("c.value", "s.window_closes_at")} END, random()
    ), due AS (
        SELECT next.id
        FROM standing s CROSS JOIN open_zone z CROSS JOIN LATERAL (
            SELECT id FROM message
            WHERE mailing_id = s.id AND timezone = z.zone AND status = 'PENDING' AND due_at <= now()
            ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
        ) next
        LIMIT $3
    ), claimed AS (
        UPDATE message SET status = 'SENDING', attempts = attempts + 1, lease_token = $1
        FROM due WHERE message.id = due.id
        RETURNING message.id, client_id, phone, timezone, attempts, uncertain
    )
    SELECT now() AS now, s.revision, s.may_send, c.*
    FROM standing s LEFT JOIN claimed c ON true
"""

# A row that goes back to PENDING under a mailing that was closed meanwhile, or whose client was deleted, has no
# further try to wait for: it gets its final state here. One that was given up because no try fits before the end is
# put back instead if the mailing has been edited since. It ends by the clock, not by the statement's beginning: it may
# have waited for what ends it, and comes after that in timelines.
_RECORD = f"""
    WITH {_STANDING}, result AS (
        SELECT r.*,
               CASE WHEN reopened THEN 'PENDING' ELSE r.judged END AS status,
               r.doubted OR (reopened AND r.judged = 'UNCONFIRMED') AS uncertain
        FROM standing s CROSS JOIN unnest(
            $3::bigint[], $4::text[], $5::timestamptz[], $6::bool[], $7::bool[], $8::text[], $9::timestamptz[],
            $10::int[]
        ) AS r (id, judged, due_at, doubted, spent, reason, answered_at, too_late_under)
        CROSS JOIN LATERAL (SELECT coalesce(r.too_late_under <> s.revision, false) AS reopened) edited
    ), written AS (
        UPDATE message m SET
            status = CASE
                WHEN r.status <> 'PENDING' OR (s.closed_as IS NULL AND m.phone IS NOT NULL) THEN r.status
                WHEN r.uncertain THEN 'UNCONFIRMED'
                ELSE coalesce(s.closed_as, 'CANCELLED')
            END,
            due_at = coalesce(r.due_at, m.due_at),
            uncertain = r.uncertain,
            attempts = m.attempts - (NOT r.spent)::int,
            reason = CASE
                WHEN r.status = 'PENDING' AND m.phone IS NULL AND s.closed_as IS NULL THEN '{CLIENT_DELETED}'
                WHEN r.spent THEN r.reason
                ELSE m.reason
            END,
            sent_at = CASE WHEN r.status = 'SENT' THEN r.answered_at END,
            ended_at = CASE
                WHEN r.status <> 'PENDING' THEN coalesce(r.answered_at, clock_timestamp())
                WHEN s.closed_as IS NOT NULL OR m.phone IS NULL THEN clock_timestamp()
            END,
            lease_token = NULL
        FROM result r CROSS JOIN standing s
        WHERE m.id = r.id AND m.status = 'SENDING' AND m.lease_token = $1
        RETURNING m.id, CASE WHEN m.status = 'PENDING' THEN r.due_at END AS next_try_at
    ), noted AS (
        INSERT INTO delivery_attempt
            (message_id, number, started_at, duration_ms, outcome, http_status, code, excerpt, text_version, spent,
             next_try_at)
        SELECT a.*, written.next_try_at FROM unnest(
            $11::bigint[], $12::int[], $13::timestamptz[], $14::int[], $15::text[], $16::smallint[], $17::int[],
            $18::text[], $19::int[], $20::bool[]
        ) AS a (id, number, started_at, duration_ms, outcome, http_status, code, excerpt, text_version, spent)
        JOIN written USING (id)
    )
    SELECT now() AS now, revision, may_send FROM standing
"""


async def claim(
    lease: Lease, extend: timedelta, limit: int, *, by_chance: bool = False
) -> tuple[Standing, list[Claimed]] | None:
    """Take up to `limit` due messages whose clients' windows are open, oldest due first within a zone.

    The zone whose window closes first comes first, or any `by_chance`. Renews the lease by `extend`. None: the lease
    is lost, and nothing was taken. A crash after this leaves the messages SENDING under the token until the lease ends
    and the rescue takes them back.
    """
    rows = await fetch(_CLAIM, lease.token, extend, limit, by_chance)
    if not rows:
        return None
    messages = [
        Claimed(row["id"], row["client_id"], row["phone"], row["timezone"], row["attempts"], row["uncertain"])
        for row in rows
        if row["id"] is not None
    ]
    return Standing(rows[0]["now"], rows[0]["revision"], rows[0]["may_send"]), messages


async def record(lease: Lease, extend: timedelta, results: Sequence[Result]) -> Standing | None:
    """Write results, their attempts and the counters together, and renew the lease by `extend`.

    Only messages still SENDING under this lease are touched. None: the lease is lost, and nothing was written.
    """
    # They are locked as they come, and whoever lets messages go to other phones locks them by id, too.
    results = sorted(results, key=lambda result: result.message.id)
    tried = [r for r in results if r.answer is not None]
    answers = [r.answer for r in results if r.answer is not None]
    rows = await fetch(
        _RECORD,
        lease.token,
        extend,
        [r.message.id for r in results],
        [r.status.value for r in results],
        [r.due_at for r in results],
        [r.uncertain for r in results],
        [r.spent for r in results],
        [r.reason for r in results],
        [r.answered_at for r in results],
        [r.too_late_under for r in results],
        [r.message.id for r in tried],
        [r.message.number for r in tried],
        [a.started_at for a in answers],
        [a.duration_ms for a in answers],
        [a.verdict.value for a in answers],
        [a.http_status for a in answers],
        [a.code for a in answers],
        [a.excerpt for a in answers],
        [r.text_version for r in tried],
        [r.spent for r in tried],
    )
    return Standing(rows[0]["now"], rows[0]["revision"], rows[0]["may_send"]) if rows else None


async def read_terms(mailing_id: int) -> Terms | None:
    """What the mailing says now; None if it is gone."""
    rows = await fetch(
        """
        SELECT revision, text, text_version, ends_at, window_opens_at, window_closes_at, max_rate, origin
        FROM mailing WHERE id = $1
        """,
        mailing_id,
    )
    if not rows:
        return None
    row = rows[0]
    return Terms(
        mailing_id,
        row["revision"],
        row["text"],
        row["text_version"],
        row["ends_at"],
        LocalTimeWindow.between(row["window_opens_at"], row["window_closes_at"]),
        row["max_rate"],
        Origin.of_json(row["origin"]),
    )
