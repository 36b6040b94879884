"""A process of ours that faults befall, and what keeps it running."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from mailing.child_process import spawn

_LOOK_SECONDS = 0.02


class Program:
    """A program that can be launched again and again. All its lives write to one log file."""

    def __init__(
        self, name: str, argv: Sequence[str], env: Mapping[str, str], log: Path, is_up: Callable[[str], bool]
    ) -> None:
        """`is_up` tells whether it does its work, and is given what it has said since its launch."""
        self.name = name
        self.log = log
        self._argv = argv
        self._env = env
        self._is_up = is_up
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0
        self._players = 0
        self.launched_at = 0.0

    def launch(self) -> None:
        """Does nothing while it runs. From the main thread: the kernel ends a process with its starter's thread."""
        if self._process and self._process.poll() is None:
            return
        self._began = self.log.stat().st_size if self.log.exists() else 0
        self.launched_at = time.time()
        with self.log.open("ab") as log:
            self._process = spawn(self._argv, env=self._env, signal_on_owner_death=signal.SIGKILL, output=log)

    @contextmanager
    def in_play(self) -> Iterator[None]:
        """For the length of the block, its end is a fault's business."""
        self._players += 1
        try:
            yield
        finally:
            self._players -= 1

    @property
    def is_in_play(self) -> bool:
        return self._players > 0

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll() if self._process else None

    def signal(self, which: signal.Signals) -> None:
        """Does nothing after its end."""
        if self._process and self._process.poll() is None:
            os.kill(self._process.pid, which)

    def kill(self) -> None:
        """End it for good, whatever state it is in."""
        self._players += 1
        self.signal(signal.SIGKILL)

    async def ended(self, seconds: float) -> bool:
        """Wait so long for its end."""
        return await _comes_true(lambda: self.exit_code() is not None, seconds)

    async def ready(self, seconds: float) -> bool:
        """Wait so long until it is up."""
        return await _comes_true(lambda: self._is_up(self._said()), seconds)

    def _said(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._began)
            return log.read().decode(errors="replace")


async def _comes_true(ask: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not ask():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(_LOOK_SECONDS)
    return True
