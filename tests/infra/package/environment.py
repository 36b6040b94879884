"""An environment with nothing in it but a wheel and what it needs."""

import os
import sys
from pathlib import Path

from tests.running import Ran, run

ROOT = Path(__file__).parents[3]
_UV = Path(sys.executable).with_name("uv")


async def environment_with(wheel: Path, folder: Path) -> Path:
    """Its Python. The packages have the versions that the tests have; from uv's cache, where it holds them all."""
    python = folder / "bin" / "python"
    await _uv("venv", "--python", sys.executable, folder)
    install = ("pip", "install", "--python", python, "--constraint", ROOT / "requirements.lock", wheel)
    if (await _try_uv(*install, "--offline")).status != 0:
        await _uv(*install)
    return python


async def _uv(*arguments: object) -> None:
    ran = await _try_uv(*arguments)
    assert ran.status == 0, ran.errors


async def _try_uv(*arguments: object) -> Ran:
    env = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    return await run(_UV, "--quiet", *arguments, folder=Path("/"), env=env, seconds=240)
