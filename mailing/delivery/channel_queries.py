"""The state of the channel to the provider in SQL: one row, the same for all workers. All times are the database's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mailing.db.orm import fetch, fetch_one, fetch_value
from mailing.delivery.breaker import SUCCESSES_TO_CLOSE, WINDOW, BreakerCause, BreakerPolicy, BreakerState


@dataclass(frozen=True, slots=True)
class ChannelStanding:
    """The channel at one moment."""

    state: BreakerState
    cause: BreakerCause | None
    reason: str | None
    """For people; None while closed."""
    since: datetime
    """When it was opened or closed last."""
    next_probe_at: datetime | None
    requests: int
    """Within the last ten seconds, as far as workers have told."""
    failures: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Experience:
    """What a process has seen since it told last."""

    requests: int
    """With those that failed and that on which the token was refused; 0: it has seen nothing."""
    failures: int
    reason: str
    """The most frequent one of the failures."""
    token_refused: str | None
    """What the provider said to our token, if it refused it."""
    known_since: datetime | None = None
    """`ChannelStanding.since` as the process knew it; None: it had not asked yet."""


_STANDING = "c.state, c.cause, c.reason, c.since, c.next_probe_at, r.requests, r.failures, now() AS now"
_RECENT = """
    SELECT coalesce(sum(requests), 0)::int AS requests, coalesce(sum(failures), 0)::int AS failures
    FROM provider_tally WHERE second > now() - $1::interval
"""


async def exchange(policy: BreakerPolicy, seen: Experience) -> tuple[ChannelStanding, bool]:
    """Tell what this process has seen, and learn how the channel stands. Opens it if that is due: True for who did.

    What was seen before it was closed last says nothing of now: it opens nothing, and is not counted. Who has seen
    nothing only reads: a process that is idle asks every second, and stands in nobody's way.
    """
    if not seen.requests:
        return await read_channel(), False
    row = await fetch_one(
        """
        WITH channel AS (
            -- Locked: of several who find at the same moment that it is to be opened, one does, and all learn of it.
            SELECT * FROM provider_channel FOR NO KEY UPDATE
        ), seen AS (
            SELECT * FROM (VALUES ($2::int, $3::int, $4::text, $5::text)) v (requests, failures, reason, token_refused)
            WHERE EXISTS (SELECT FROM channel WHERE state <> 'CLOSED' OR $9::timestamptz IS NULL OR since = $9)
        ), told AS (
            INSERT INTO provider_tally AS t (second, requests, failures)
            SELECT date_trunc('second', now()), requests, failures FROM seen
            ON CONFLICT (second) DO UPDATE
                SET requests = t.requests + excluded.requests, failures = t.failures + excluded.failures
        ), recent AS (
            SELECT coalesce(sum(requests), 0)::int AS requests, coalesce(sum(failures), 0)::int AS failures
            FROM (
                SELECT requests, failures FROM provider_tally WHERE second > now() - $1::interval
                UNION ALL SELECT requests, failures FROM seen
            ) AS all_of_them
        ), opened AS (
            UPDATE provider_channel c SET
                state = 'OPEN',
                cause = CASE WHEN s.token_refused IS NULL THEN 'FAILURES' ELSE 'TOKEN_REFUSED' END,
                reason = coalesce(s.token_refused, format(
                    '%s of %s requests within 10 s failed, most often: %s', r.failures, r.requests, s.reason
                )),
                since = now(), next_probe_at = now() + $8::interval, wait = $8::interval, successes = 0
            FROM channel, recent r, seen s
            WHERE channel.state = 'CLOSED'
              AND (s.token_refused IS NOT NULL OR (r.requests >= $7 AND r.failures >= $6::float8 * r.requests))
            RETURNING c.*
        )
        SELECT coalesce(o.state, c.state) AS state, coalesce(o.cause, c.cause) AS cause,
               coalesce(o.reason, c.reason) AS reason, coalesce(o.since, c.since) AS since,
               coalesce(o.next_probe_at, c.next_probe_at) AS next_probe_at, r.requests, r.failures, now() AS now,
               o.state IS NOT NULL AS opened
        FROM channel c CROSS JOIN recent r LEFT JOIN opened o ON true
        """,
        WINDOW,
        seen.requests,
        seen.failures,
        seen.reason,
        seen.token_refused,
        policy.failure_share,
        policy.least_requests,
        policy.first_wait,
        seen.known_since,
    )
    return _standing(row), row["opened"]


async def read_channel() -> ChannelStanding:
    """How the channel stands."""
    return _standing(
        await fetch_one(f"SELECT {_STANDING} FROM provider_channel c CROSS JOIN ({_RECENT}) r", WINDOW),
    )


async def claim_probe(prober: str, within: timedelta) -> bool:
    """The right to send one request through a channel that is not closed, if that is due and nobody else has it.

    It ends by itself after `within`: a prober that died stands in nobody's way.
    """
    claimed = await fetch_value(
        """
        UPDATE provider_channel SET state = 'HALF_OPEN', prober = $1, probing_until = now() + $2
        WHERE state <> 'CLOSED' AND next_probe_at <= now() AND (probing_until IS NULL OR probing_until < now())
        RETURNING true
        """,
        prober,
        within,
    )
    return bool(claimed)


async def probe_is_due() -> bool | None:
    """Whether somebody is to probe now; None while the channel is closed, and nothing has to be probed."""
    due: bool | None = await fetch_value(
        """
        SELECT next_probe_at <= now() AND (probing_until IS NULL OR probing_until < now())
        FROM provider_channel WHERE state <> 'CLOSED'
        """
    )
    return due


async def note_success(prober: str) -> datetime | None:
    """A probe was answered. The last one that is needed closes the channel: since when it was open, else None."""
    open_since: datetime | None = await fetch_value(
        f"""
        WITH before AS (
            SELECT since, successes + 1 >= {SUCCESSES_TO_CLOSE} AS enough
            FROM provider_channel WHERE prober = $1 AND state <> 'CLOSED' FOR UPDATE
        ), after AS (
            UPDATE provider_channel c SET
                state = CASE WHEN enough THEN 'CLOSED' ELSE c.state END,
                cause = CASE WHEN NOT enough THEN c.cause END,
                reason = CASE WHEN NOT enough THEN c.reason END,
                since = CASE WHEN enough THEN now() ELSE c.since END,
                next_probe_at = CASE WHEN NOT enough THEN now() END,
                successes = c.successes + 1, prober = NULL, probing_until = NULL
            FROM before
        ), forgotten AS (
            DELETE FROM provider_tally USING before WHERE enough
        )
        SELECT since FROM before WHERE enough
        """,
        prober,
    )
    return open_since


async def note_failure(prober: str, policy: BreakerPolicy, cause: BreakerCause, reason: str) -> bool:
    """A probe failed: the next one comes after a wait twice as long. Whether the cause is another one than before."""
    is_news: bool | None = await fetch_value(
        """
        WITH before AS (
            SELECT cause FROM provider_channel WHERE prober = $1 AND state <> 'CLOSED' FOR UPDATE
        ), after AS (
            UPDATE provider_channel c SET
                state = 'OPEN', cause = $2, reason = $3, successes = 0, prober = NULL, probing_until = NULL,
                wait = least(2 * wait, $4::interval), next_probe_at = now() + least(2 * wait, $4::interval)
            FROM before
        )
        SELECT cause <> $2 FROM before
        """,
        prober,
        cause.value,
        reason,
        policy.longest_wait,
    )
    return bool(is_news)


async def give_back_probe(prober: str) -> None:
    """There was nothing to probe with: whoever has something may."""
    await fetch("UPDATE provider_channel SET prober = NULL, probing_until = NULL WHERE prober = $1", prober)


async def forget_old_provider_tallies() -> None:
    """Drop counts that no share needs any more."""
    await fetch("DELETE FROM provider_tally WHERE second < now() - 6 * $1::interval", WINDOW)


def _standing(row: Mapping[str, Any]) -> ChannelStanding:
    return ChannelStanding(
        BreakerState(row["state"]),
        BreakerCause(row["cause"]) if row["cause"] else None,
        row["reason"],
        row["since"],
        row["next_probe_at"],
        row["requests"],
        row["failures"],
        row["now"],
    )
