"""SIGTERM to the first process of a container, before a command has a handler of its own."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from shutil import which

import psutil
import pytest

_ALONE = ("unshare", "--pid", "--fork", "--kill-child")
_MAIN_WITH_A_COMMAND_THAT_WAITS = """
import mailing.cli

def wait() -> None:
    print("ready", flush=True)
    input()

mailing.cli.app = wait
mailing.cli.main()
"""

pytestmark = pytest.mark.skipif(
    which("unshare") is None or subprocess.run([*_ALONE, "true"], capture_output=True, check=False).returncode != 0,
    reason="only root may have a namespace of processes of its own",
)


@pytest.fixture
async def waiting() -> AsyncIterator[asyncio.subprocess.Process]:
    """The program as the process number 1, in a command that waits."""
    pipe = asyncio.subprocess.PIPE
    command = (*_ALONE, sys.executable, "-c", _MAIN_WITH_A_COMMAND_THAT_WAITS)
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert process.stdout
    async with asyncio.timeout(60):
        assert await process.stdout.readline() == b"ready\n"
    yield process
    if process.returncode is None:
        process.kill()
        await process.wait()


async def test_it_ends_the_process_as_it_ends_any_other(waiting: asyncio.subprocess.Process) -> None:
    # When
    (first,) = psutil.Process(waiting.pid).children()
    first.send_signal(signal.SIGTERM)

    # Then
    async with asyncio.timeout(30):
        assert await waiting.wait() == 128 + signal.SIGTERM
