"""Why the API's pods sleep before SIGTERM: what was under way is answered, and who comes later is refused at once."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import asyncpg

from mailing.cli.preconditions import free_port
from mailing.settings import Settings
from tests.waiting import until

PATIENT = "from mailing.cli.commands import api; api.FINISH_SECONDS = 90; from mailing.cli import main; main()"
"""The same command with more time for what is under way, so that a busy machine changes nothing."""
QUESTION = "/graphql?query={statistics{mailings}}"


@asynccontextmanager
async def _api(settings: Settings) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    port = free_port()
    assert settings.database_url
    assert settings.redis_url
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PATIENT, "api", "--port", str(port)),
        env={"MAILING_DATABASE_URL": settings.database_url, "MAILING_REDIS_URL": settings.redis_url},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_request_that_is_under_way_at_sigterm_is_answered_and_a_later_one_refused(
    migrated: Settings, database: None
) -> None:
    async with _api(migrated) as (process, url), aiohttp.ClientSession() as http:

        async def is_ready() -> bool:
            assert process.returncode is None
            try:
                async with http.get(f"{url}/readyz") as response:
                    return response.status == 200
            except aiohttp.ClientConnectionError:
                return False

        await until(is_ready, seconds=60)
        holder = await asyncpg.connect(migrated.database_url)
        try:
            # Given a request that waits for a table
            async with holder.transaction():
                await holder.execute("LOCK TABLE mailing IN ACCESS EXCLUSIVE MODE")
                under_way = asyncio.create_task(_answer(f"{url}{QUESTION}"))
                await until(lambda: _waits(holder), seconds=30)

                # When
                process.send_signal(signal.SIGTERM)

                # Then
                await until(lambda: _is_refused(f"{url}/healthz"), seconds=30)
                done, _ = await asyncio.wait({under_way}, timeout=1)
                assert not done  # It has not been broken off.
            assert await under_way == (200, {"data": {"statistics": {"mailings": 0}}})
        finally:
            await holder.close()
        await asyncio.wait_for(process.wait(), 60)


async def _answer(url: str) -> tuple[int, object]:
    async with aiohttp.ClientSession() as http, http.get(url) as response:
        return response.status, await response.json()


async def _waits(holder: asyncpg.Connection) -> bool:
    return bool(await holder.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))


async def _is_refused(url: str) -> bool:
    try:
        await _answer(url)
    except aiohttp.ClientConnectorError:
        return True
    except aiohttp.ClientConnectionError:
        return False
    return False
