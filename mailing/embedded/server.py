"""What the two servers have in common: where they lie, how they start, are watched and stop."""

import os
import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

from mailing.child_process import describe_exit, spawn
from mailing.embedded.account import server_account
from mailing.embedded.errors import ServerStartError
from mailing.embedded.leftover import StopSteps
from mailing.embedded.placement import settle, socket_folder

POLL_SECONDS = 0.01


class EmbeddedServer(ABC):
    """A server program with its data in a folder. It dies with the thread that started it.

    `start()` and `stop()` wait. A supervisor takes the single steps instead: `launch`, `is_ready`, `exit_code`,
    `terminate`, `kill`, and `tidy` after the last of them. After its end it can be launched again, at the same URL.

    As root it runs as an unprivileged user; where that user cannot reach `data_dir`, a note there says where
    the data lies.
    """

    name: ClassVar[str]
    socket_name: ClassVar[str]
    stop_steps: ClassVar[StopSteps]
    """First the polite signal; the last is SIGKILL."""

    def __init__(self, data_dir: Path) -> None:
        self.home = data_dir.absolute()
        """Where its files lie. Known for certain after the first launch."""
        self._data_dir = self.home
        self._account = server_account()
        self._socket_folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients find it. Known after the first launch."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it answers clients."""

    @abstractmethod
    def prepare(self) -> list[str]:
        """Do what a first start or an unclean end makes necessary, and answer the command to run."""

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def socket_folder(self) -> Path:
        if self._socket_folder is None:
            self._socket_folder = socket_folder(self.home, self.socket_name, self._account)
        return self._socket_folder

    def launch(self) -> None:
        self.home = settle(self._data_dir, self._account)
        argv = self.prepare()
        with self._start_log.open("wb") as log:
            self._process = spawn(
                argv,
                env=clean_environment(),
                signal_on_owner_death=self.stop_steps[0][0],
                account=self._account,
                cwd=Path("/"),
                output=log,
            )

    def start(self, timeout_seconds: float = 60) -> None:
        """Raises ServerStartError, and leaves no process, if it is not ready in that time."""
        self.launch()
        deadline = time.monotonic() + timeout_seconds
        try:
            while not self.is_ready():
                self._check_start(deadline)
                time.sleep(POLL_SECONDS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it, as gently as it allows. Does nothing if it does not run."""
        for step, seconds in self.stop_steps:
            self._signal(step, seconds)
        self.tidy()

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll() if self._process else None

    def terminate(self) -> None:
        self._signal(self.stop_steps[0][0], 0)

    def kill(self) -> None:
        """End it at once; its next start repairs what that leaves."""
        for step, _ in self.stop_steps[1:]:
            self._signal(step, 0.5)

    def tidy(self) -> None:
        """Remove the socket's folder where it does not lie with the data."""
        if self._socket_folder and not self._socket_folder.is_relative_to(self.home):
            shutil.rmtree(self._socket_folder, ignore_errors=True)
            self._socket_folder = None

    def logs(self) -> list[Path]:
        """The files it writes its log to."""
        return [self._start_log]

    def last_words(self) -> str:
        """The last lines of its log, as one."""
        written = [log for log in self.logs() if log.exists()]
        if not written:
            return ""
        newest = max(written, key=lambda log: log.stat().st_mtime)
        return " | ".join(newest.read_bytes()[-2048:].decode(errors="replace").strip().splitlines()[-3:])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _start_log(self) -> Path:
        return self.home / "server.log"

    def _check_start(self, deadline: float) -> None:
        if (status := self.exit_code()) is not None:
            raise ServerStartError(f"{self.name} did not start: {describe_exit(status)} ({self.last_words()})")
        if time.monotonic() > deadline:
            raise ServerStartError(f"{self.name} runs, but does not answer ({self.last_words()})")

    def _signal(self, which: signal.Signals, seconds: float) -> None:
        """Send it, and wait that long for the end. Does nothing after the end."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(which)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                return


def clean_environment() -> dict[str, str]:
    """What a server needs of the environment; a stray PGPORT or PGDATA must not reach it."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"} | kept
