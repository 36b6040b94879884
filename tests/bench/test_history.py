"""The measurement of timelines works: small, and without a word on how fast anything is."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_it_makes_a_history_asks_about_it_and_leaves_nothing_behind() -> None:
    # Given
    with tempfile.TemporaryDirectory(prefix="bench-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        figures = folder / "figures.json"
        # When
        done = subprocess.run(
            [sys.executable, "-m", "bench.history", "--clients", "100", "--mailings", "2", "--questions", "3",
             "--json", str(figures)],
            cwd=PROJECT,
            env={**os.environ, "TMPDIR": name},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )  # fmt: skip
        # Then (1: an explanation has missed its aim, which says nothing here)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        (section,) = json.loads(figures.read_text())["sections"]
        assert section["title"] == "What happened, among 200 messages"
        assert len(section["figures"]) == 5 * 2 + 4
        assert list(folder.iterdir()) == [figures]
