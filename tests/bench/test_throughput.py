"""The bench works: small, and without a word on how fast anything is."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

PROJECT = Path(__file__).parents[2]


def start_bench(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """The bench with `folder` for its temporary files, which the servers' own user must be able to enter."""
    return subprocess.Popen(
        [sys.executable, "-m", "bench.throughput", *arguments],
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="bench-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def test_it_measures_floor_service_and_start_and_accounts_for_every_message(folder: Path) -> None:
    # Given
    figures = folder / "figures.json"

    # When
    bench = start_bench(
        folder, "--messages", "300", "--clients", "1000", "--rounds", "1", "--workers", "1", "--json", str(figures)
    )
    said, _ = bench.communicate(timeout=100)

    # Then
    assert bench.returncode == 0, said
    measured = json.loads(figures.read_text())
    assert [run["messages"] for run in measured["floor"]] == [300, 300]
    assert [
        {name: run[name] for name in ("messages", "sent", "accepted", "repeated")} for run in measured["service"]
    ] == [{"messages": 300, "sent": 300, "accepted": 300, "repeated": 0}]
    assert measured["selection"]["rows"] == 1000
    assert set(measured["service"][0]["cpu"]["parts"]) == {
        "worker 1",
        "PostgreSQL",
        "fake provider",
        "scheduler",
        "API",
        "Valkey",
    }
    assert measured["is_complete"] is True

    # And nothing is left behind
    assert list(folder.iterdir()) == [figures]


def test_it_leaves_nothing_behind_when_it_is_told_to_stop(folder: Path) -> None:
    # Given: its servers run
    bench = start_bench(folder, "--messages", "300", "--clients", "1000", "--rounds", "1")
    assert bench.stdout is not None
    said = next((line for line in bench.stdout if line.startswith("fake provider: http")), None)
    assert said is not None, "it ended by itself"
    children = psutil.Process(bench.pid).children(recursive=True)

    # When
    bench.send_signal(signal.SIGTERM)
    bench.communicate(timeout=60)

    # Then
    assert bench.returncode == 128 + signal.SIGTERM
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
    assert list(folder.iterdir()) == []
