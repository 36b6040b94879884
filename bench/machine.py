"""The machine that the figures hold for, and the processor time of its processes."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

import psutil

_LIBRARIES = ("aiohttp", "asyncpg", "dramatiq", "tortoise-orm", "uvloop")


@dataclass(frozen=True, slots=True)
class Machine:
    """What a reader needs to know to compare figures with those of another run."""

    cores: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    system: str = field(default_factory=lambda: f"{platform.system()} {platform.machine()}")
    python: str = field(default_factory=platform.python_version)
    libraries: dict[str, str] = field(default_factory=lambda: {name: version(name) for name in _LIBRARIES})
    load_before: float = field(default_factory=lambda: os.getloadavg()[0])
    """Processes that wanted a core in the minute before the run: 0 on a machine that is left alone."""


@dataclass(frozen=True, slots=True)
class CpuTimes:
    """Seconds of processor time so far, by part of the service, and of all processes of the machine."""

    parts: dict[str, float]
    machine: float

    def since(self, before: "CpuTimes") -> "CpuTimes":
        parts = {name: seconds - before.parts[name] for name, seconds in self.parts.items()}
        return CpuTimes(parts, self.machine - before.machine)

    @property
    def total(self) -> float:
        """Of all parts."""
        return sum(self.parts.values())

    @property
    def neighbours(self) -> float:
        """What processes took that are no part of this (this measuring process included)."""
        return max(0.0, self.machine - self.total)


def cpu_times(processes: Mapping[str, list[int]]) -> CpuTimes:
    """The processor time of these process trees, children that have ended included."""
    total = psutil.cpu_times()
    busy = sum(total) - total.idle - getattr(total, "iowait", 0) - getattr(total, "guest", 0)
    return CpuTimes({name: sum(map(_tree_seconds, roots)) for name, roots in processes.items()}, busy)


def _tree_seconds(pid: int) -> float:
    root = psutil.Process(pid)
    seconds = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue  # Its parent has its time by now.
        seconds += times.user + times.system + times.children_user + times.children_system
    return seconds
