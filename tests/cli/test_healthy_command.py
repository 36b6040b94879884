"""`mailing healthy`: the health check of a container."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mailing.cli.preconditions import free_port
from mailing.metrics.port import MetricsPort
from tests.running import Ran, run


class Process:
    """One that shows on a port whether it lives."""

    def __init__(self) -> None:
        self.silent_seconds = 0.0
        self._port = MetricsPort("127.0.0.1", 0, lambda _: ("text/plain", b""), lambda: self.silent_seconds)
        self.port = self._port.port
        self.close = self._port.close


@pytest.fixture
async def process() -> AsyncIterator[Process]:
    process = Process()
    yield process
    process.close()


async def test_it_asks_where_the_environment_says_that_the_process_answers(process: Process) -> None:
    ran = await _healthy(MAILING_METRICS_PORT=str(process.port), MAILING_METRICS_HOST="0.0.0.0")
    assert ran == Ran(0, "", "")


async def test_it_tells_what_is_wrong_with_a_process_that_is_stuck(process: Process) -> None:
    process.silent_seconds = 11.0
    ran = await _healthy("--port", str(process.port))
    assert ran == Ran(
        1,
        "",
        f"mailing: http://127.0.0.1:{process.port}/healthz answers 503: "
        "the event loop has been stuck for 11 s: restart this process\n",
    )


async def test_it_tells_where_nothing_answers() -> None:
    port = free_port()
    ran = await _healthy("--port", str(port), "--path", "/readyz")
    assert (ran.status, ran.output) == (1, "")
    assert ran.errors.startswith(f"mailing: http://127.0.0.1:{port}/readyz does not answer: ")
    assert ran.errors.count("\n") == 1


async def _healthy(*arguments: str, **environment: str) -> Ran:
    command = (sys.executable, "-P", "-m", "mailing", "healthy", *arguments)
    return await run(*command, folder=Path("/"), env=environment)
