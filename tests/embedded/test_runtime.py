import subprocess
import sys
from pathlib import Path

import pytest

from mailing.embedded.errors import DataDirectoryInUseError
from mailing.embedded.runtime import DataDirectory, Endpoints, read_endpoints
from tests.embedded.processes import eventually, is_gone

ENDPOINTS = Endpoints("postgres://d", "unix:///r", "http://p/v1", "token", "http://a", 7)


def test_a_second_holder_is_refused_with_the_first_ones_process(folder: Path) -> None:
    # Given a directory that another process holds
    with _holder(folder / "data") as holder:
        # When we want it too, then we are told who has it
        with pytest.raises(DataDirectoryInUseError, match=f"in use by another `mailing up` .process {holder.pid}") as e:
            DataDirectory(folder / "data").acquire()
        assert e.value.pid == holder.pid

        # And once it is dead, by whatever means, the directory is free
        holder.kill()
        holder.wait()
        with DataDirectory(folder / "data"):
            pass


def test_endpoints_are_found_while_they_are_held(folder: Path) -> None:
    data = folder / "data"
    assert read_endpoints(data) is None
    with DataDirectory(data) as directory:
        assert read_endpoints(data) is None
        directory.publish(ENDPOINTS)
        assert read_endpoints(data) == ENDPOINTS
        assert (data / "endpoints.json").stat().st_mode & 0o777 == 0o600
    assert read_endpoints(data) is None
    assert not (data / "endpoints.json").exists()


def test_endpoints_of_a_killed_run_are_not_believed(folder: Path) -> None:
    # Given a run that was killed, so that its file is still there
    with _holder(folder / "data") as holder:
        assert read_endpoints(folder / "data") == ENDPOINTS
        holder.kill()
    assert eventually(lambda: is_gone(holder.pid))
    assert (folder / "data/endpoints.json").exists()

    # When someone looks, then nothing runs there, also while the next run is starting
    assert read_endpoints(folder / "data") is None
    with DataDirectory(folder / "data"):
        assert read_endpoints(folder / "data") is None


def test_readers_do_not_keep_a_run_from_starting(folder: Path) -> None:
    data = folder / "data"
    with DataDirectory(data):
        pass
    reader = "import sys; from pathlib import Path; from mailing.embedded.runtime import read_endpoints\n"
    reader += "print('reading', flush=True)\nwhile True: read_endpoints(Path(sys.argv[1]))"
    with subprocess.Popen([sys.executable, "-c", reader, str(data)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        for _ in range(20):
            with DataDirectory(data):
                pass
        process.kill()


def _holder(data: Path) -> subprocess.Popen[str]:
    script = (
        "import sys, time; from pathlib import Path; from mailing.embedded.runtime import DataDirectory, Endpoints\n"
        f"directory = DataDirectory(Path(sys.argv[1])); directory.acquire(); directory.publish({ENDPOINTS!r})\n"
        "print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, str(data)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    return holder
