"""The whole process, started as in production."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Never

import aiohttp
import pytest
from websockets.exceptions import ConnectionClosedError

from gql_api.app import create_app
from mailing.settings import Settings, SettingsError
from tests.gql_api.api import Api, Socket


@dataclass
class _Process:
    process: asyncio.subprocess.Process
    url: str

    async def get(self, path: str) -> tuple[int, Any]:
        async with aiohttp.ClientSession() as http, http.get(self.url + path) as response:
            return response.status, await response.json()

    async def stop(self) -> tuple[int, bytes]:
        self.process.send_signal(signal.SIGTERM)
        _, errors = await self.process.communicate()
        return await self.process.wait(), errors


@asynccontextmanager
async def _started(database_url: str, redis_url: str) -> AsyncIterator[_Process]:
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uvicorn", "gql_api.app:create_app", "--factory", "--port", str(port)),
        env=os.environ | {"MAILING_DATABASE_URL": database_url, "MAILING_REDIS_URL": redis_url},
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    started = _Process(process, f"http://127.0.0.1:{port}")
    try:
        await _until_it_answers(started)
        yield started
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_the_process_answers_and_stops_cleanly(migrated: Settings) -> None:
    assert migrated.database_url is not None
    assert migrated.redis_url is not None

    async with _started(migrated.database_url, migrated.redis_url) as api:
        ready = await api.get("/readyz")
        data = await api.get("/graphql?query={statistics{mailings}}")
        code, errors = await api.stop()

    assert ready == (200, {"status": "ok"})
    assert data[0] == 200
    assert set(data[1]["data"]["statistics"]) == {"mailings"}
    assert b"Traceback" not in errors, errors.decode()
    assert code in {0, -signal.SIGTERM}


@pytest.mark.parametrize("asked", ["activeMailingsProgress { total }", "providerHealth { breaker }"])
async def test_an_open_subscription_does_not_hold_the_process_up(
    migrated: Settings, database: None, asked: str
) -> None:
    assert migrated.database_url is not None
    assert migrated.redis_url is not None

    async with _started(migrated.database_url, migrated.redis_url) as api, aiohttp.ClientSession() as http:
        client = Api(http, api.url.removeprefix("http://"))
        async with client.socket() as subscription:
            await subscription.subscribe("a", f"subscription {{ {asked} }}")
            # uvicorn alone waits, without a limit, until what it runs has ended.
            _, errors = await api.stop()
            with pytest.raises(ConnectionClosedError):
                await _receive_all(subscription)

    assert b"Traceback" not in errors, errors.decode()


async def test_without_database_and_redis_the_process_lives_and_says_what_it_lacks() -> None:
    nowhere = f"127.0.0.1:{_free_port()}"

    async with _started(f"postgres://nobody@{nowhere}/nothing", f"redis://{nowhere}") as api:
        alive = await api.get("/healthz")
        status, answer = await api.get("/readyz")
        _, errors = await api.stop()

    assert alive == (200, {"status": "ok"})
    assert status == 503
    assert answer == {
        "status": "not ready",
        "problems": {
            "database": {
                "what": "PostgreSQL does not answer: connection refused.",
                "advice": "Start PostgreSQL there, or correct host and port in MAILING_DATABASE_URL.",
            },
        },
        "warnings": {"redis": answer["warnings"]["redis"]},
    }
    assert answer["warnings"]["redis"]["what"].startswith("Redis does not answer: ")
    assert b"Traceback" not in errors, errors.decode()


def test_a_process_without_redis_url_does_not_start(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="MAILING_REDIS_URL: must be set"):
        create_app(settings.model_copy(update={"redis_url": None}))


async def _receive_all(subscription: Socket) -> Never:
    """What was told before the end, and then the error that is the end."""
    while True:
        await subscription.receive()


async def _until_it_answers(api: _Process) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            await api.get("/healthz")
        except aiohttp.ClientConnectionError:
            assert api.process.returncode is None, "it ended"
            assert time.monotonic() < deadline, "it does not answer"
            await asyncio.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
