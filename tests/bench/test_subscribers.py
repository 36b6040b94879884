"""The measurement of live subscribers works: small, and without a word on how fast anything is."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.mark.timeout(180)
def test_it_follows_one_mailing_with_every_socket_and_leaves_nothing_behind() -> None:
    # Given
    with tempfile.TemporaryDirectory(prefix="bench-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        figures = folder / "figures.json"
        # When
        done = subprocess.run(
            [sys.executable, "-m", "bench.subscribers", "--subscribers", "20", "--messages", "500", "--workers", "1",
             "--json", str(figures)],
            cwd=PROJECT,
            env={**os.environ, "TMPDIR": name},
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )  # fmt: skip
        # Then
        assert done.returncode == 0, done.stdout + done.stderr
        (section,) = json.loads(figures.read_text())["sections"]
        told = section["measured"]
        assert section["problems"] == []
        assert (told["subscribers"], told["redis_subscriptions"], len(told["states_each"])) == (20, 1, 20)
        assert min(told["states_each"]) >= 2
        assert list(folder.iterdir()) == [figures]
