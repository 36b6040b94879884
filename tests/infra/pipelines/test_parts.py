"""The parts of the tests that pipelines run side by side are together all of `make test`."""

import shlex
import subprocess

from tests.infra.pipelines.makefile import ROOT


def test_every_test_is_in_exactly_one_part() -> None:
    # When
    service, ui, conformance = map(_arguments, ("test-service", "test-ui", "conformance"))

    # Then
    left_out = [argument.removeprefix("--ignore=") for argument in service if argument.startswith("--ignore=")]
    elsewhere = [argument for argument in [*ui, *conformance] if argument.startswith("tests/")]
    assert sorted(left_out) == sorted(elsewhere)
    assert [path for path in elsewhere if not (ROOT / path).exists()] == []
    assert [argument for argument in service if argument.startswith("tests/")] == []


def _arguments(target: str) -> list[str]:
    """What pytest is called with; nothing is built for it."""
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True)
    (line,) = (line for line in done.stdout.splitlines() if line.startswith(".venv/bin/pytest"))
    return shlex.split(line)
