"""A short form of `make faults`: small mailings, two seeds that between them play much of what there is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mailing.child_process import spawn
from tests.faults.plan import make_plan

SIZE = 5_000
SEEDS = (535, 2654)
LONGEST_SECONDS = 200
"""They take a third of that where nothing else runs."""


@pytest.mark.timeout(LONGEST_SECONDS + 20)
def test_nothing_is_lost_whatever_fails(tmp_path: Path) -> None:
    # Given a process of its own: it starts servers, and a database connection for the whole process
    argv = [sys.executable, "-m", "tests.faults", "--size", str(SIZE), "--seed", *map(str, SEEDS)]
    said = tmp_path / "said.txt"

    # When
    with said.open("wb") as output:
        process = spawn(argv, env=os.environ, signal_on_owner_death=signal.SIGTERM, output=output)
        try:
            status = process.wait(LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            process.terminate()
            status = process.wait(10)

    # Then
    assert status == 0, said.read_text()


def test_the_two_seeds_play_many_kinds_of_faults() -> None:
    # When
    played = {planned.fault for seed in SEEDS for planned in make_plan(seed, SIZE).faults}

    # Then
    assert len(played) >= 14
    assert {make_plan(seed, SIZE).idempotent for seed in SEEDS} == {True, False}
