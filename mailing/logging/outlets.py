"""Where lines go: standard error, or files that do not grow for ever.

To write is a system call on whatever is behind it. Who reads standard error slowly holds up whoever logs: nothing is
kept in memory, for what a killed process had kept would be the lines that tell why. What cannot be written (a full
disk, a reader that has gone) is lost, and stops nobody.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Protocol

FILES_KEPT = 4
"""Full files of a process that stay beside the one that is written."""
LOOK_SECONDS = 1.0
"""How often a file is looked after by its name."""


class Outlet(Protocol):
    """Takes lines, from any thread. Raises nothing."""

    def write(self, lines: bytes) -> None:
        """Write lines that have no end at the last of them yet."""


class StandardError:
    """Standard error, without a buffer between."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._descriptor = sys.stderr.fileno()

    def write(self, lines: bytes) -> None:
        with self._lock:
            _write_all(self._descriptor, lines + b"\n")


class RotatingFile:
    """A file of at most `most_bytes` and one line more. A full one becomes `.1`, the older `.1` `.2`, and so on.

    Readable by its owner alone. Where somebody moves or removes it, a new one is begun within LOOK_SECONDS. It is for
    one process: of what another writes there, too, its size does not know.
    """

    def __init__(self, path: Path, most_bytes: int) -> None:
        """Raises OSError where it cannot be written."""
        self._path = path
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._open()

    def write(self, lines: bytes) -> None:
        with self._lock:
            if time.monotonic() >= self._look_at:
                with suppress(OSError):
                    self._look()
            if self._size >= self._most_bytes:
                with suppress(OSError):
                    self._rotate()
            _write_all(self._descriptor, lines + b"\n")
            self._size += len(lines) + 1

    def _open(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._size = os.fstat(self._descriptor).st_size
        self._look_at = time.monotonic() + LOOK_SECONDS

    def _look(self) -> None:
        """Whether the file still has its name: else its lines would be written where nobody finds them."""
        self._look_at = time.monotonic() + LOOK_SECONDS
        if not self._path.exists() or not os.path.samestat(self._path.stat(), os.fstat(self._descriptor)):
            self._begin_anew()

    def _rotate(self) -> None:
        """Where that fails, the file in hand grows on, and the next line tries again."""
        if self._path.exists():  # Not where only the new one could not be opened: each try would push an old one out.
            self._put_aside()
        self._begin_anew()

    def _begin_anew(self) -> None:
        former = self._descriptor
        self._open()
        os.close(former)

    def _put_aside(self) -> None:
        for number in range(FILES_KEPT, 0, -1):
            newer = self._older(number - 1) if number > 1 else self._path
            if newer.exists():
                newer.replace(self._older(number))

    def _older(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


def _write_all(descriptor: int, data: bytes) -> None:
    """As far as it can be written."""
    try:
        written = os.write(descriptor, data)
        while written < len(data):  # A signal came between, or a pipe was nearly full.
            written += os.write(descriptor, data[written:])
    except OSError:  # Not by `suppress`, which costs half of what the call does; so often is this.
        return
