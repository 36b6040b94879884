"""The measurement of retention works: small, and without a word on how fast anything is."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_it_removes_and_sends_and_leaves_nothing_behind() -> None:
    # Given
    with tempfile.TemporaryDirectory(prefix="bench-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        figures = folder / "figures.json"
        # When
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "bench.retention",
                "--messages",
                "500",
                "--fast",
                "--round-seconds",
                "0.05",
                "--json",
                str(figures),
            ],
            cwd=PROJECT,
            env={**os.environ, "TMPDIR": name},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        # Then
        assert done.returncode == 0, done.stdout + done.stderr
        (section,) = json.loads(figures.read_text())["sections"]
        assert section["title"] == "Removing 500 messages"
        assert len([figure for figure in section["figures"] if "removed" in figure["what"]]) == 2
        assert list(folder.iterdir()) == [figures]
