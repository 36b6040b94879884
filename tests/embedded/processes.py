"""Watching processes from a test."""

import time
from collections.abc import Callable

import psutil


def is_gone(pid: int | None) -> bool:
    """Also true of a zombie: whoever started it may not have looked yet."""
    try:
        return pid is None or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def eventually(holds: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False
