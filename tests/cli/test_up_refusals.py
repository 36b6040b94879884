"""What `mailing up` refuses: one line, exit status 1, and nothing was touched."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from mailing.embedded.runtime import DataDirectory


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert _up(tmp_path, port=port) == (
            1,
            f"mailing: port {port} on 127.0.0.1 is in use; choose another one with --port\n",
        )
    assert not (tmp_path / "data").exists()


def test_a_data_directory_in_use(tmp_path: Path) -> None:
    with DataDirectory(tmp_path / "data"):
        assert _up(tmp_path) == (
            1,
            f"mailing: the data directory {tmp_path / 'data'} is in use by another `mailing up` "
            f"(process {os.getpid()}); stop that one, or give this one a --data-dir of its own\n",
        )


def test_a_data_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, said = _up(tmp_path, data_dir=tmp_path / "file" / "data")
    assert (status, said) == (
        1,
        f"mailing: the data directory {tmp_path / 'file' / 'data'} cannot be used: File exists\n",
    )


def test_a_database_that_does_not_answer_without_telling_its_password(tmp_path: Path) -> None:
    url = f"postgres://mailing:secret@127.0.0.1:{_closed_port()}/mailing"
    status, said = _up(tmp_path, MAILING_DATABASE_URL=url)
    assert status == 1
    assert said.startswith(f"mailing: the database at {url.rpartition('@')[2]} does not answer: ")
    assert said.count("\n") == 1
    assert "secret" not in said
    assert not (tmp_path / "data").exists()


def test_a_redis_that_does_not_answer(tmp_path: Path) -> None:
    status, said = _up(tmp_path, MAILING_REDIS_URL=f"redis://127.0.0.1:{_closed_port()}/0")
    assert status == 1
    assert said.startswith("mailing: the Redis at 127.0.0.1:")
    assert said.count("\n") == 1


def test_a_wrong_setting(tmp_path: Path) -> None:
    status, said = _up(tmp_path, MAILING_WORKER_THREADS="many")
    assert status == 1
    assert said.startswith("mailing: MAILING_WORKER_THREADS: ")
    assert said.count("\n") == 1


def test_a_provider_url_that_no_worker_could_use(tmp_path: Path) -> None:
    assert _up(tmp_path, MAILING_PROVIDER_URL="ftp://x") == (
        1,
        "mailing: MAILING_PROVIDER_URL: must be http(s)://host[:port][/path]\n",
    )


def _up(tmp_path: Path, *, port: int | None = None, data_dir: Path | None = None, **variables: str) -> tuple[int, str]:
    """Exit status and stderr."""
    argv = ["up", "--port", str(port or _closed_port()), "--data-dir", str(data_dir or tmp_path / "data")]
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAILING_")} | variables
    done = subprocess.run(
        [sys.executable, "-m", "mailing", *argv], capture_output=True, text=True, check=False, env=env, timeout=30
    )
    return done.returncode, done.stderr


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
