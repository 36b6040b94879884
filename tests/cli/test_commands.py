"""Commands as a person runs them: each usable alone, each wrong setting one line."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mailing.settings import Settings

_PLACES = {"MAILING_DATABASE_URL": "postgres://u:secret@127.0.0.1:9/n", "MAILING_REDIS_URL": "redis://127.0.0.1:9"}


def test_the_version_is_the_one_that_is_written_down_once() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    done = subprocess.run([sys.executable, "-m", "mailing", "--version"], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (f"mailing {project['version']}\n", ""), "run `make install`"


def test_migrate_needs_the_database_alone(migrated: Settings, tmp_path: Path) -> None:
    assert migrated.database_url
    done = _mailing("migrate", tmp_path, MAILING_DATABASE_URL=migrated.database_url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "The schema is up to date.\n", "")


@pytest.mark.parametrize("command", ["api", "worker", "scheduler", "migrate"])
@pytest.mark.parametrize(
    ("variable", "value"), [("MAILING_DATABASE_URL", "mysql://u:secret@h/n"), ("MAILING_REDIS_URL", "secret")]
)
def test_a_wrong_url_stops_every_process_with_one_line(tmp_path: Path, command: str, variable: str, value: str) -> None:
    done = _mailing(command, tmp_path, **_PLACES | {variable: value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"mailing: {variable}: must look like ")
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr


def _mailing(command: str, data_dir: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAILING_")} | variables
    argv = [sys.executable, "-m", "mailing", command, "--data-dir", str(data_dir)]
    return subprocess.run(argv, capture_output=True, text=True, check=False, env=env, timeout=30)
