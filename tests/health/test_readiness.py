import asyncio
from collections.abc import Sequence

import asyncpg
import pytest
from redis.asyncio import Redis

from mailing.health import readiness
from mailing.health.finding import Finding, fine, problem, warning
from mailing.health.readiness import Readiness, answer
from mailing.settings import Settings

WELL = fine("database", "PostgreSQL answers.")
AWAY = problem("database", "PostgreSQL does not answer.", "Start it.")
REDIS = warning("redis", "Redis does not answer.", "Start it.")


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([WELL], (200, {"status": "ok"})),
        (
            [WELL, REDIS],
            (200, {"status": "ok", "warnings": {"redis": {"what": "Redis does not answer.", "advice": "Start it."}}}),
        ),
        (
            [AWAY, REDIS],
            (
                503,
                {
                    "status": "not ready",
                    "problems": {"database": {"what": "PostgreSQL does not answer.", "advice": "Start it."}},
                    "warnings": {"redis": {"what": "Redis does not answer.", "advice": "Start it."}},
                },
            ),
        ),
    ],
)
def test_only_problems_make_a_process_not_ready(findings: Sequence[Finding], expected: object) -> None:
    assert answer(findings) == expected


async def test_where_the_database_hangs_one_question_waits_and_everybody_is_answered(
    redis: Redis, settings: Settings, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a table that the question has to wait for
    monkeypatch.setattr(readiness, "CHECK_SECONDS", 0.1)
    process = Readiness(redis)
    holder = await asyncpg.connect(settings.database_url)
    async with holder.transaction():
        await holder.execute("LOCK TABLE tortoise_migrations")

        # When
        answers = [*await asyncio.gather(process.ask(), process.ask()), await process.ask()]
        waiting = await holder.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    await holder.close()

    # Then
    assert [(status, told["problems"]["database"]["what"]) for status, told in answers] == [
        (503, "no answer within 0.1 s")
    ] * 3
    assert waiting == 1
    monkeypatch.setattr(readiness, "CHECK_SECONDS", 5)
    assert await process.ask() == (200, {"status": "ok"})
