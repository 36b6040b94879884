import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from starlette.applications import Starlette

from gql_api.health import health_routes
from mailing.db.migrate import known_migrations
from mailing.health import readiness
from tests.gql_api.api import Api
from tests.gql_api.serving import serving


async def _get(address: str, path: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as http, http.get(f"http://{address}{path}") as response:
        return response.status, await response.json()


async def test_a_process_with_all_it_needs_is_ready(api: Api) -> None:
    assert await _get(api.address, "/healthz") == (200, {"status": "ok"})
    assert await _get(api.address, "/readyz") == (200, {"status": "ok"})


async def test_a_program_newer_than_the_schema_is_not_ready(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailing.db.migrate.known_migrations", lambda: [*known_migrations(), "9999_newer"])

    assert await _get(api.address, "/healthz") == (200, {"status": "ok"})
    assert await _get(api.address, "/readyz") == (
        503,
        {
            "status": "not ready",
            "problems": {
                "migrations": {"what": "The database lacks 9999_newer.", "advice": "Run `mailing migrate`."},
            },
        },
    )


@pytest.fixture
async def mute_redis() -> AsyncIterator[Redis]:
    """A server that takes everything and answers nothing."""
    asked: list[asyncio.StreamWriter] = []

    async def listen(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(writer)

    server = await asyncio.start_server(listen, "127.0.0.1")
    redis: Redis = Redis(port=server.sockets[0].getsockname()[1])
    yield redis
    for writer in asked:
        writer.close()
    await redis.aclose()
    server.close()


async def test_a_server_that_does_not_answer_is_waited_for_only_so_long(
    api: Api, mute_redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "REDIS_SECONDS", 0.1)

    async with serving(Starlette(routes=list(health_routes(mute_redis)))) as address:
        status, told = await _get(address, "/readyz")

    assert status == 200
    assert told["warnings"]["redis"]["what"] == "Redis does not answer: no answer in time."


async def test_without_redis_the_api_can_be_used_and_says_what_that_means(api: Api) -> None:
    nowhere: Redis = Redis(port=9, retry=Retry(NoBackoff(), 0))
    async with serving(Starlette(routes=list(health_routes(nowhere)))) as address:
        assert await _get(address, "/readyz") == (
            200,
            {
                "status": "ok",
                "warnings": {
                    "redis": {
                        "what": "Redis does not answer: connection refused.",
                        "advice": "Start it, or correct host and port in MAILING_REDIS_URL. Until then mailings "
                        "without a rate limit are sent all the same, live progress comes every 2 s, and what has a "
                        "limit waits.",
                    }
                },
            },
        )
