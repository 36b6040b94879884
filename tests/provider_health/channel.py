"""Puts the channel where a test wants it, past all rules, and counts who reads it."""

from collections.abc import Callable

import pytest

from mailing.delivery.channel_health import ChannelStanding, read_channel
from tests.conftest import Sql

READ = "mailing.provider_health.feed.read_channel"


async def open_channel(sql: Sql, reason: str = "a reason") -> None:
    await sql(
        """
        UPDATE provider_channel SET
            state = 'OPEN', cause = 'FAILURES', reason = $1, since = now(), next_probe_at = now() + interval '1 s'
        """,
        reason,
    )


async def count_requests(sql: Sql, requests: int, failures: int = 0) -> None:
    """That many requests in the second that is running."""
    await sql(
        """
        INSERT INTO provider_tally AS t VALUES (date_trunc('second', now()), $1, $2)
        ON CONFLICT (second) DO UPDATE
            SET requests = t.requests + excluded.requests, failures = t.failures + excluded.failures
        """,
        requests,
        failures,
    )


def counted_reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often the feed has read the database from now on."""
    reads = 0

    async def read() -> ChannelStanding:
        nonlocal reads
        reads += 1
        return await read_channel()

    monkeypatch.setattr(READ, read)
    return lambda: reads
