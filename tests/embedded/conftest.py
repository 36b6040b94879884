import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailing.embedded import placement
from mailing.embedded.postgres import PostgresServer


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the servers' user can reach also when the tests run as root."""
    path = Path(tempfile.mkdtemp(prefix="mailing-test-", dir="/tmp"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def private_folder() -> Iterator[Path]:
    """A folder of mode 0700, as root's home is."""
    path = Path(tempfile.mkdtemp(prefix="mailing-private-", dir="/tmp"))
    yield path
    shutil.rmtree(path)


@pytest.fixture(autouse=True)
def state_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of a test stays in /var/lib."""
    state = folder / "state"
    monkeypatch.setattr(placement, "STATE_FOLDER", state)
    return state


@pytest.fixture(scope="session")
def finished_cluster() -> Iterator[Path]:
    """A PostgreSQL folder that had its first start; making one takes most of a test's time."""
    path = Path(tempfile.mkdtemp(prefix="mailing-test-", dir="/tmp"))
    path.chmod(0o711)
    with PostgresServer(path / "pg", fast=True):
        pass
    yield path / "pg"
    shutil.rmtree(path)


@pytest.fixture
def postgres_folder(folder: Path, finished_cluster: Path) -> Path:
    """A copy of that one, owners included, at `folder`/pg."""
    subprocess.run(["cp", "-a", str(finished_cluster), str(folder)], check=True)
    return folder / "pg"
