"""A part that is a program of ours."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence

from mailing.child_process import spawn


class Part:
    """A program in a session and process group of its own, which is killed if this process dies.

    It writes to this process's own terminal: a pipe would make each of its log lines a task of the supervisor's.
    `ready` tells whether it does its work; without it, it is ready once it runs.
    """

    def __init__(
        self, name: str, argv: Sequence[str], env: Mapping[str, str], ready: Callable[[], bool] | None = None
    ) -> None:
        self.name = name
        self._argv = argv
        self._env = env
        self._ready = ready
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def launch(self) -> None:
        self._process = spawn(self._argv, env=self._env, signal_on_owner_death=signal.SIGKILL)

    def is_ready(self) -> bool:
        return self._ready is None or self._ready()

    def exit_code(self) -> int | None:
        if self._process and self._process.returncode is None and self._has_ended():
            # Until it is reaped its number, which is its group's too, cannot belong to anyone else.
            self._signal_group(signal.SIGKILL)
            self._process.wait()
        return self._process.returncode if self._process else None

    def terminate(self) -> None:
        if self.exit_code() is None:
            self._signal_group(signal.SIGTERM)

    def kill(self) -> None:
        if self.exit_code() is None:
            self._signal_group(signal.SIGKILL)

    def last_words(self) -> str:
        return ""

    def tidy(self) -> None:
        """It leaves nothing."""

    def _has_ended(self) -> bool:
        assert self._process
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _signal_group(self, which: signal.Signals) -> None:
        if self._process:
            os.killpg(self._process.pid, which)
