"""What `mailing up` tells its parts, and when it says that it is up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mailing.cli.preconditions import free_port
from mailing.cli.whole_service import LONGEST_DRAIN_SECONDS, Plan, environment
from mailing.embedded.runtime import DataDirectory, Endpoints
from mailing.settings import Settings, load_settings
from mailing.supervisor.supervisor import STOP_PATIENCE_SECONDS


@pytest.mark.parametrize(("asked", "given"), [(4, "4"), (6, "6"), (25, "6")])
def test_no_worker_drains_for_longer_than_the_supervisor_waits(tmp_path: Path, asked: float, given: str) -> None:
    plan = Plan(load_settings(drain_seconds=asked), DataDirectory(tmp_path), "127.0.0.1", 8000, 2, demo=True)
    env = environment(plan, Endpoints("postgres://d", "unix:///r", "http://p/v1", "token", "http://a", 7))
    assert env == {
        "MAILING_DATABASE_URL": "postgres://d",
        "MAILING_REDIS_URL": "unix:///r",
        "MAILING_PROVIDER_URL": "http://p/v1",
        "MAILING_PROVIDER_TOKEN": "token",
        "MAILING_DRAIN_SECONDS": given,
        "MAILING_WORKER_NICENESS": "10",
        "MAILING_PUMP_SLOTS": "2",
        "MAILING_PUMP_CONCURRENCY": "128",
    }


def test_a_worker_has_ended_before_the_supervisor_loses_its_patience() -> None:
    assert LONGEST_DRAIN_SECONDS < STOP_PATIENCE_SECONDS


def test_a_worker_that_cannot_start_is_told_instead_of_the_addresses(settings: Settings, tmp_path: Path) -> None:
    # Given parts of which the workers end at once: the first module that Python loads in each sees to it
    assert settings.database_url
    assert settings.redis_url
    (tmp_path / "sitecustomize.py").write_text("import sys\nif sys.argv[-1:] == ['worker']: raise SystemExit(3)\n")
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAILING_")}

    # When
    done = subprocess.run(
        [sys.executable, "-m", "mailing", "up", "--port", str(free_port()), "--data-dir", str(tmp_path / "data")],
        env=env
        | {
            "MAILING_DATABASE_URL": settings.database_url,
            "MAILING_REDIS_URL": settings.redis_url,
            "PYTHONPATH": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    # Then
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("mailing: worker 1 did not start: exit status ")
    assert "Ctrl-C stops everything" not in done.stdout
