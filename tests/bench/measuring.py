"""Programs of `bench/`, run small: that they work, and without a word on how fast anything is."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

_PROJECT = Path(__file__).parents[2]


class Measured(NamedTuple):
    """What came of it."""

    status: int
    """1: an aim was missed, which says nothing here."""
    output: str
    section: dict[str, Any]
    """The one of its figures."""


def measured(program: str, *arguments: object, seconds: float = 100) -> Measured:
    """It must have measured, and left nothing behind."""
    with tempfile.TemporaryDirectory(prefix="bench-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        figures = folder / "figures.json"
        done = subprocess.run(
            [sys.executable, "-m", program, *map(str, arguments), "--json", str(figures)],
            cwd=_PROJECT,
            env={**os.environ, "TMPDIR": name},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        (section,) = json.loads(figures.read_text())["sections"]
        assert list(folder.iterdir()) == [figures]
    return Measured(done.returncode, done.stdout, section)
