"""`mailing up` as a real process, and the processes below it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from mailing.child_process import spawn
from mailing.embedded.runtime import read_endpoints
from tests.waiting import until

START_SECONDS = 60
STOP_SECONDS = 10
PARTS = ("postgres", "valkey-server", "api", "worker", "scheduler")


class Service:
    """One `mailing up` on a data directory. It can be stopped and started again."""

    def __init__(
        self, folder: Path, port: int, env: dict[str, str], *, demo: bool = False, python: Path = Path(sys.executable)
    ) -> None:
        """`python` is that of the environment where the service is installed."""
        self._python = python
        self.address = f"127.0.0.1:{port}"
        self.data_dir = folder / "data"
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("MAILING_")} | env
        self._arguments = [
            "up",
            "--demo" if demo else "--no-demo",
            "--port",
            str(port),
            "--data-dir",
            str(self.data_dir),
        ]
        self._log = folder / "up.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._whole: dict[str, int] = {}

    async def start(self, *, seconds: float = START_SECONDS) -> float:
        """Start it and wait until it is ready; how many seconds that took. AssertionError after that time."""
        began = time.monotonic()
        with self._log.open("ab") as log:
            # If the tests are killed, it is stopped all the same.
            self._process = spawn(
                [str(self._python), "-P", "-m", "mailing", *self._arguments],
                env=self.env,
                signal_on_owner_death=signal.SIGTERM,
                output=log,
            )
        await until(self._is_up, seconds=seconds)
        self._whole = self._shape()
        return time.monotonic() - began

    async def stop(self) -> float:
        """SIGTERM. How many seconds it took until the last process was gone; raises if it took longer than promised."""
        assert self._process
        family = [psutil.Process(self._process.pid), *psutil.Process(self._process.pid).children(recursive=True)]
        asked_at = time.monotonic()
        self._process.terminate()
        try:
            status = await asyncio.to_thread(self._process.wait, STOP_SECONDS)
            took = time.monotonic() - asked_at
            left = [process for process in family if not _is_gone(process)]
            assert (status, left) == (0, []), f"exit status {status}; still there: {left}"
        finally:
            _end(family)
            self._process = None
        return took

    async def stop_if_running(self) -> None:
        if self._process is not None:
            await self.stop()

    def parts(self, name: str) -> list[psutil.Process]:
        """The processes of that name, one of PARTS."""
        assert self._process
        return [child for child in psutil.Process(self._process.pid).children() if name in _names(child)]

    async def kill(self, part: psutil.Process) -> None:
        """SIGKILL."""
        part.send_signal(signal.SIGKILL)
        await asyncio.to_thread(part.wait, 5)

    async def until_whole(self) -> None:
        """Wait until as many parts run as at the start."""

        async def is_whole() -> bool:
            return self._shape() == self._whole

        await until(is_whole)

    def log_position(self) -> int:
        return self._log.stat().st_size

    def log_since(self, position: int) -> str:
        """What it has said since then."""
        with self._log.open("rb") as log:
            log.seek(position)
            return log.read().decode(errors="replace")

    def _shape(self) -> dict[str, int]:
        return {name: len(self.parts(name)) for name in PARTS}

    async def _is_up(self) -> bool:
        assert self._process
        assert self._process.poll() is None, self.log_since(0)
        return read_endpoints(self.data_dir) is not None


def _names(process: psutil.Process) -> list[str]:
    try:
        return [process.name(), *process.cmdline()]
    except psutil.NoSuchProcess:  # A zombie counts as that, too.
        return []


def _is_gone(process: psutil.Process) -> bool:
    """A zombie is gone, too: the machine's first process has only not yet looked."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _end(family: list[psutil.Process]) -> None:
    """Whatever went wrong, nothing stays behind. It is safe: psutil knows a process from a later one of its number."""
    for process in family:
        if not _is_gone(process):
            process.kill()
