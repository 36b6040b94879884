"""Whether a process that lives can do its work: what /readyz answers, in every kind of process.

Not ready is only what makes it useless: no database, or one of another version. Redis may be lost, and the service
goes on without it; if that made processes not ready, an orchestrator would take all of them away at once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio import Redis

from mailing.health.database import look_at_migrations, look_whether_it_answers
from mailing.health.examine import Check, examine
from mailing.health.finding import Finding, Level, worst
from mailing.health.redis_server import look_whether_it_answers as look_whether_redis_answers

CHECK_SECONDS = 2.0
REDIS_SECONDS = 1.0
"""Less: one that is too slow is a warning by its own check, not a problem by the end of its time."""

READY, NOT_READY = 200, 503


class Readiness:
    """Of one process, which must be connected to the database (`orm.connected`). Belongs to one event loop."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._asking: asyncio.Task[list[Finding]] | None = None

    async def ask(self) -> tuple[int, Mapping[str, Any]]:
        """HTTP status and JSON. Asks database and Redis side by side, each for at most CHECK_SECONDS."""
        checks: dict[str, Check] = {
            "database": self._database,
            "redis": lambda: look_whether_redis_answers(self._redis, REDIS_SECONDS),
        }
        return answer(await examine(checks, CHECK_SECONDS))

    async def _database(self) -> list[Finding]:
        """One question at a time: where a database hangs, each would take a connection of the pool with it."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(_look_at_database())
        return await asyncio.shield(self._asking)


def answer(findings: Sequence[Finding]) -> tuple[int, dict[str, Any]]:
    """Problems make 503. Problems and warnings stand in the answer by what they are about, each in words."""
    is_ready = worst(findings) is not Level.PROBLEM
    told: dict[str, Any] = {"status": "ok" if is_ready else "not ready"}
    for level, name in ((Level.PROBLEM, "problems"), (Level.WARNING, "warnings")):
        if those := {found.subject: _words(found) for found in findings if found.level is level}:
            told[name] = those
    return (READY if is_ready else NOT_READY), told


async def _look_at_database() -> list[Finding]:
    found = await look_whether_it_answers()
    return found if worst(found) is Level.PROBLEM else [*found, *await look_at_migrations()]


def _words(finding: Finding) -> dict[str, str | None]:
    return {"what": finding.what, "advice": finding.advice}
