"""What `mailing up` tells its parts, and when it says that it is up."""

import os
import sys
from pathlib import Path

import pytest

from mailing.cli.preconditions import free_port
from mailing.cli.whole_service import LONGEST_DRAIN_SECONDS, Plan, environment
from mailing.embedded.runtime import DataDirectory, Endpoints
from mailing.settings import Settings, load_settings
from mailing.supervisor.supervisor import STOP_PATIENCE_SECONDS
from tests.backends import as_another, until_left
from tests.running import run

PROJECT = Path(__file__).parents[2]


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


async def test_a_worker_that_cannot_start_is_told_instead_of_the_addresses(
    settings: Settings, database: None, tmp_path: Path
) -> None:
    # Given parts of which the workers end at once: the first module that Python loads in each sees to it
    assert settings.database_url
    assert settings.redis_url
    (tmp_path / "sitecustomize.py").write_text("import sys\nif sys.argv[-1:] == ['worker']: raise SystemExit(3)\n")
    url = await as_another(settings.database_url)
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAILING_")}
    env |= {"MAILING_DATABASE_URL": url, "MAILING_REDIS_URL": settings.redis_url, "PYTHONPATH": str(tmp_path)}
    up = (sys.executable, "-m", "mailing", "up", "--port", free_port(), "--data-dir", tmp_path / "data")

    # When
    done = await run(*up, folder=PROJECT, env=env)
    await until_left(url)

    # Then
    assert done.status == 1
    assert done.errors.splitlines()[-1].startswith("mailing: worker 1 did not start: exit status ")
    assert "Ctrl-C stops everything" not in done.output
