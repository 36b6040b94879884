"""`mailing demo` against a running `mailing up`."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mailing.cli.preconditions import free_port
from mailing.embedded.runtime import read_endpoints

_MAILING = [sys.executable, "-m", "mailing"]


@pytest.fixture(scope="module")
def running_up(server_dir: Path) -> Iterator[Path]:
    """The data directory of a `mailing up`."""
    data = server_dir / "up"
    argv = [*_MAILING, "up", "--data-dir", str(data), "--port", str(free_port()), "--workers", "1", "--no-demo"]
    up = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(lambda: read_endpoints(data) is not None, up)
        yield data
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(timeout=30)


def test_every_message_is_accounted_for_also_where_the_api_dies_meanwhile(running_up: Path) -> None:
    demo = subprocess.Popen(
        [*_MAILING, "demo", "--clients", "3000", "--data-dir", str(running_up)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert demo.stdout is not None
    said = [demo.stdout.readline(), demo.stdout.readline()]
    _api_of(running_up).kill()
    rest, complaints = demo.communicate(timeout=60)

    assert said == [
        "Making sure that there are 3,000 clients with the tag demo-3000 …\n",
        "mailing_1 is for the clients with the tag demo-3000\n",
    ]
    lines = rest.splitlines()
    assert "Status SENT: messages 3000" in lines
    assert "Tag demo-3000: messages 3000, SENT 3000" in lines
    assert lines[-1] == "All 3,000 messages are accounted for, and the provider's ledger agrees."
    assert complaints == ""
    assert demo.returncode == 0


def _api_of(data: Path) -> psutil.Process:
    endpoints = read_endpoints(data)
    assert endpoints is not None
    (api,) = [p for p in psutil.Process(endpoints.pid).children() if p.cmdline()[-5:-4] == ["api"]]
    return api


def _wait(until: Callable[[], bool], up: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 40
    while not until():
        assert up.poll() is None, "mailing up ended"
        assert time.monotonic() < deadline, "mailing up was not ready in time"
        time.sleep(0.05)
