"""Child processes that do not outlive the process that started them.

Each runs in a session of its own, so that a terminal's Ctrl-C reaches only the owner, who then stops
its children in the right order. On Linux the kernel itself signals a child whose owner died, even by
SIGKILL. Elsewhere only an orderly stop of the owner ends the children.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class Account:
    """An operating system user, by number. It gets its one group and no other."""

    uid: int
    gid: int


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    signal_on_owner_death: signal.Signals,
    account: Account | None = None,
    cwd: Path | None = None,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    output: IO[bytes] | int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program; `output` takes its stdout and stderr (None: this process's own).

    The kernel watches the *thread* that calls this, so call it from one that lives as long as the child should.
    Raises OSError if the program cannot be run (as that account).
    """
    return subprocess.Popen(
        list(argv),
        env=dict(env),
        cwd=cwd,
        stdin=stdin,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        # It runs after the change of user, which would clear the request; it makes two system calls and takes no lock.
        preexec_fn=_die_with_owner(signal_on_owner_death),  # noqa: PLW1509
    )


def describe_exit(status: int) -> str:
    """How a process ended, from `Popen.returncode`: "exit status 3" or "killed by SIGKILL"."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"killed by signal {-status}"


def _die_with_owner(wanted: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    # Everything is looked up before the fork: after it, the child must do as little as possible.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    owner = os.getpid()

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(wanted), 0, 0, 0)
        if os.getppid() != owner:  # It died before the request was made.
            os.kill(os.getpid(), wanted)

    return ask_kernel
