"""What must be true of the books, whatever happened: asked at the end of each story, and while it runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from mailing.db import orm
from mailing.provider.fake import FakeProvider
from mailing.settings import Settings

STATUSES = ("pending", "sending", "sent", "failed", "expired", "unconfirmed", "cancelled")

_EFFECTIVE = """
    CASE WHEN m.status <> 'PENDING' OR g.closed_as IS NULL THEN m.status
         WHEN m.uncertain THEN 'UNCONFIRMED' ELSE g.closed_as END
"""

# Of mailings that are over for so long that their messages were removed, nobody can count them any more.
_EMPTIED = "SELECT id FROM mailing WHERE emptied_at IS NOT NULL AND messages_removed_at IS NOT NULL"

_COUNTED_AND_TRUE = f"""
    WITH truth AS (
        SELECT m.mailing_id, dimension, value,
               {", ".join(f"count(*) FILTER (WHERE {_EFFECTIVE} = '{s.upper()}')::bigint AS {s}" for s in STATUSES)},
               count(*) FILTER (WHERE {_EFFECTIVE} = 'PENDING' AND m.uncertain)::bigint AS uncertain
        FROM message m JOIN mailing g ON g.id = m.mailing_id CROSS JOIN LATERAL (VALUES
            ('', ''), ('operator_code', operator_code), ('tag', tag), ('timezone', timezone), ('reason', reason)
        ) AS property (dimension, value)
        WHERE value IS NOT NULL GROUP BY 1, 2, 3
    ), counted AS (
        SELECT mailing_id, dimension, value,
               {", ".join(f"sum({s})::bigint AS {s}" for s in STATUSES)}, sum(uncertain)::bigint AS uncertain
        FROM message_count WHERE mailing_id NOT IN ({_EMPTIED}) GROUP BY 1, 2, 3
        HAVING {" OR ".join(f"sum({s}) <> 0" for s in (*STATUSES, "uncertain"))}
    )
"""


_TOLD_AND_TRUE = f"""
    WITH truth AS (
        SELECT m.mailing_id, {_EFFECTIVE} AS status, count(*) AS messages FROM message m
        JOIN mailing g ON g.id = m.mailing_id
        WHERE {_EFFECTIVE} NOT IN ('PENDING', 'SENDING') GROUP BY 1, 2
    ), bins AS (
        SELECT mailing_id, status, at, sum(messages)::bigint AS messages FROM history_tally
        WHERE mailing_id NOT IN ({_EMPTIED}) GROUP BY 1, 2, 3
    ), told AS (
        SELECT mailing_id, status, sum(messages)::bigint AS messages FROM bins GROUP BY 1, 2 HAVING sum(messages) <> 0
    )
"""


async def assert_accounts_are_exact() -> None:
    """The counters of every mailing say, in every dimension, what counting the messages one by one says, and so do the
    bins of its history, none of which is below zero."""
    wrong = await orm.fetch(
        f"""
        {_COUNTED_AND_TRUE}
        (SELECT 'only counted' AS what, * FROM (TABLE counted EXCEPT TABLE truth) AS more)
        UNION ALL (SELECT 'only true', * FROM (TABLE truth EXCEPT TABLE counted) AS less)
        """
    )
    assert wrong == []
    wrong = await orm.fetch(
        f"""
        {_TOLD_AND_TRUE}
        (SELECT 'only told' AS what, * FROM (TABLE told EXCEPT TABLE truth) AS more)
        UNION ALL (SELECT 'only true', * FROM (TABLE truth EXCEPT TABLE told) AS less)
        UNION ALL (SELECT 'below zero', mailing_id, status, messages FROM bins WHERE messages < 0)
        """
    )
    assert wrong == []


async def assert_every_try_is_noted() -> None:
    """Each message has one attempt for each try that it spent; those that cost it none come on top."""
    wrong = await orm.fetch(
        """
        SELECT m.id, m.attempts, array_agg(a.number ORDER BY a.started_at) AS numbers
        FROM message m LEFT JOIN delivery_attempt a ON a.message_id = m.id AND a.spent
        GROUP BY m.id
        HAVING count(a.number) <> m.attempts OR count(DISTINCT a.number) <> m.attempts OR max(a.number) > m.attempts
        """
    )
    assert wrong == []


async def assert_provider_has_exactly_what_is_sent(provider: FakeProvider, text: str = "Hello") -> None:
    """Row by row: who is SENT was accepted under that id, with that phone and text, and nobody else was."""
    rows = await orm.fetch("SELECT id, phone FROM message WHERE status = 'SENT'")
    assert {(row["id"], row["phone"], text) for row in rows} == {
        (entry.id, entry.phone, entry.text) for entry in provider.ledger.entries()
    }
    assert len(rows) == provider.ledger.unique == provider.ledger.accepted


@asynccontextmanager
async def watched(settings: Settings, mailing_id: int) -> AsyncIterator[None]:
    """Looks every few milliseconds, in one statement each, whether the seven counts sum to the messages there are."""
    connection = await asyncpg.connect(settings.database_url)
    looks: list[Any] = []

    async def look() -> None:
        while True:
            looks.append(
                await connection.fetchrow(
                    f"""
                    SELECT (SELECT count(*) FROM message WHERE mailing_id = $1) AS messages,
                           coalesce(sum({" + ".join(STATUSES)}), 0)::bigint AS counted
                    FROM message_count WHERE mailing_id = $1 AND dimension = ''
                    """,
                    mailing_id,
                )
            )
            await asyncio.sleep(0.005)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await connection.close()
    assert len(looks) > 1
    assert [look for look in looks if look["messages"] != look["counted"]] == []
