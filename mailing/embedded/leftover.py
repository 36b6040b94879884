"""Servers that an earlier run left behind, because it was killed faster than it could stop them."""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mailing.embedded.errors import LeftoverServerError

StopSteps = Sequence[tuple[signal.Signals, float]]
"""Signals to send one after the other, each with the seconds to wait for its effect."""

_POLL_SECONDS = 0.02


def stop_leftover(pid: int, *, program: str, working_directory: Path, steps: StopSteps) -> None:
    """End the process `pid` if it is that very server: it runs `program` and works in that directory.

    Returns when no process of that program works there any more. Any other process is left alone (a pid file may
    be older than the machine's last start). Raises LeftoverServerError if one survives.
    """
    for step, seconds in steps:
        if not _is_at_work(pid, program, working_directory):
            break
        os.kill(pid, step)
        _wait_for_end(program, working_directory, seconds)
    # Children of a server that was killed end by themselves once they notice.
    if not _wait_for_end(program, working_directory, steps[-1][1]):
        raise LeftoverServerError(
            f"a {program} of an earlier run is still at work in {working_directory}; end it by hand"
        )


def is_any_at_work_below(folder: Path) -> bool:
    """Whether any process at all has its working directory in that folder or deeper, as both servers have."""
    return any(_is_below(Path(f"/proc/{pid}/cwd"), folder) for pid in _processes())


def _wait_for_end(program: str, working_directory: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(_is_at_work(pid, program, working_directory) for pid in _processes()):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _is_at_work(pid: int, program: str, working_directory: Path) -> bool:
    try:
        executable = Path(f"/proc/{pid}/exe").readlink()
        return executable.name.removesuffix(" (deleted)") == program and working_directory.samefile(f"/proc/{pid}/cwd")
    except OSError:
        return False


def _is_below(link: Path, folder: Path) -> bool:
    try:
        return link.readlink().is_relative_to(folder)
    except OSError:
        return False


def _processes() -> list[int]:
    """Of this machine, or container. Empty where there is no /proc: nothing is found there, and nothing ended."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()] if sys.platform == "linux" else []
