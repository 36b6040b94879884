"""How far this process lets others of its machine go first."""

import os
from contextlib import suppress
from pathlib import Path

_AUTOGROUP = Path("/proc/self/autogroup")


def add_niceness(increment: int) -> None:
    """As nice(1): 19 at most and in all, and less than there is takes root. Raises PermissionError.

    Where Linux groups processes by session, as most kernels do, niceness orders only those within a session, and the
    session has one of its own (sched(7), "The autogroup feature"). That one follows if this process leads its session:
    else it is somebody else's, such as a shell's. Control groups with shares of their own, as systemd and containers
    make them, overrule both.
    """
    if increment == 0:
        return
    niceness = os.nice(increment)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # No Linux, or a kernel without it.
            _AUTOGROUP.write_text(str(niceness))
