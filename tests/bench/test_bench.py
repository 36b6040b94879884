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
from typing import Any

import psutil
import pytest

PROJECT = Path(__file__).parents[2]

SLOW_SENDING = {"MAILING_PROVIDER_MAX_RATE": "1500"}
"""So that even a small mailing lasts long enough to be paused."""


def start_bench(folder: Path, *arguments: str, **settings: str) -> "subprocess.Popen[str]":
    """The bench with `folder` for its temporary files, which the servers' own user must be able to enter."""
    return subprocess.Popen(
        [sys.executable, "-m", "bench", *arguments],
        cwd=PROJECT,
        env={**os.environ, **settings, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def measure(folder: Path, *arguments: str, **settings: str) -> dict[str, Any]:
    """What the bench wrote, by the key of each section. It must account for every message, and leave nothing behind."""
    figures = folder / "figures.json"
    bench = start_bench(folder, *arguments, "--json", str(figures), **settings)
    said, _ = bench.communicate(timeout=100)
    assert bench.returncode == 0, said
    assert list(folder.iterdir()) == [figures]
    measured = json.loads(figures.read_text())
    assert measured["problems"] == []
    return {section["key"]: section for section in measured["sections"]}


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="bench-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def test_it_measures_floor_and_service_at_both_latencies_and_accounts_for_every_message(folder: Path) -> None:
    # When
    sections = measure(
        folder, "--messages", "300", "--clients", "1000", "--rounds", "1", "--workers", "1",
        "--only", "selection", "throughput",
    )  # fmt: skip

    # Then
    assert list(sections) == ["selection", "throughput_0_ms", "throughput_20_ms"]
    assert sections["selection"]["measured"]["rows"] == 1100
    for key in ("throughput_0_ms", "throughput_20_ms"):
        measured = sections[key]["measured"]
        assert [run["messages"] for run in measured["floor"]] == [300, 300]
        assert [
            {name: run[name] for name in ("messages", "sent", "accepted", "repeated")} for run in measured["service"]
        ] == [{"messages": 300, "sent": 300, "accepted": 300, "repeated": 0}]
        assert set(measured["service"][0]["cpu"]["parts"]) == {
            "worker 1",
            "PostgreSQL",
            "fake provider",
            "scheduler",
            "API",
            "Valkey",
        }
        assert {"claims", "records", "selection"} <= set(measured["service"][0]["statements"])
    assert sections["throughput_20_ms"]["measured"]["service"][0]["first_request_seconds"] > 0


def test_it_tells_the_story_of_a_large_mailing(folder: Path) -> None:
    # When
    sections = measure(
        folder, "--messages", "1000", "--clients", "8000", "--workers", "2", "--only", "large", **SLOW_SENDING
    )

    # Then: whatever was done to it meanwhile, all of it and of the three small ones went out once
    told = sections["large_mailing"]["measured"]
    assert {name: told[name] for name in ("messages", "sent", "accepted", "repeated", "stop_status")} == {
        "messages": 8100,
        "sent": 8100,
        "accepted": 8400,
        "repeated": 0,
        "stop_status": 0,
    }

    # And everything that was to be measured was
    assert len(told["small_seconds"]) == 3
    assert told["paused"]["verb"] == "Pause"
    assert told["cancelled"]["verb"] == "Cancel"
    assert told["selection_seconds"] > 0
    assert set(told["memory"]["samples"]) == {"worker 1", "worker 2"}
    assert {"statistics", "progress"} <= set(told["statements"])
    assert all(latencies["milliseconds"] for latencies in told["beside"]["http"].values())
    assert told["beside"]["failed"] == 0


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
