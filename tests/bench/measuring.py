"""Programs of `bench/`, run small: that they work, and without a word on how fast anything is."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).parents[2]


def measured(program: str, *arguments: object) -> tuple[str, dict[str, Any]]:
    """What it printed, and the one section of its figures; it must have left nothing behind.

    Whether its aims were met says nothing here: then it ends with 1.
    """
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
            timeout=100,
            check=False,
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        (section,) = json.loads(figures.read_text())["sections"]
        assert list(folder.iterdir()) == [figures]
    return done.stdout, section
