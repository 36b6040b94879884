"""Whether this process lives (/healthz), and whether it can answer (/readyz)."""

import asyncio
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mailing.db.migrate import missing_migrations
from mailing.db.orm import DATABASE_ERRORS, fetch_value

CHECK_SECONDS = 2.0

Check = Callable[[], Awaitable[str | None]]
"""Says in words what is wrong, or None."""


def health_routes(redis: Redis) -> list[Route]:
    """/healthz and /readyz.

    /readyz runs its checks side by side, each for at most two seconds: 200, or 503 with what is wrong.
    """
    checks: dict[str, Check] = {
        "database": _database,
        "redis": lambda: _redis(redis),
        "schema": _schema,
    }

    async def healthz(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> JSONResponse:
        found = await asyncio.gather(*(_bounded(check) for check in checks.values()))
        problems = {name: problem for name, problem in zip(checks, found, strict=True) if problem}
        if problems:
            return JSONResponse({"status": "not ready", "problems": problems}, status_code=503)
        return JSONResponse({"status": "ok"})

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


async def _bounded(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {CHECK_SECONDS:g} s"


async def _database() -> str | None:
    try:
        await fetch_value("SELECT 1")
    except TimeoutError:
        raise
    except DATABASE_ERRORS as e:
        return f"the database does not answer: {_brief(e)}"
    return None


async def _redis(redis: Redis) -> str | None:
    try:
        await redis.ping()
    except RedisError as e:
        return f"Redis does not answer: {_brief(e)}"
    return None


async def _schema() -> str | None:
    try:
        missing = await missing_migrations()
    except TimeoutError:
        raise
    except DATABASE_ERRORS as e:
        return f"the schema's version cannot be read: {_brief(e)}"
    return f"run `mailing migrate`; missing: {', '.join(missing)}" if missing else None


def _brief(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]
