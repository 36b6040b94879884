"""Commands that a test runs, and that never outlive it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Ran(NamedTuple):
    """How a command ended, and what it said."""

    status: int
    output: str
    errors: str


async def run(
    *command: object, folder: Path, seconds: float = 60, env: Mapping[str, str] | None = None, stdin: str = ""
) -> Ran:
    """Run it in that folder; with this environment in place of the tests' own. TimeoutError after that time."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *map(str, command), cwd=folder, env=env, stdin=pipe, stdout=pipe, stderr=pipe
    )
    try:
        async with asyncio.timeout(seconds):
            output, errors = await process.communicate(stdin.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None, "it has ended"
    return Ran(process.returncode, output.decode(), errors.decode())
