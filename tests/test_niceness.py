"""Niceness of a process, and that of its session where the kernel has such a thing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

AUTOGROUP = Path("/proc/self/autogroup")

needs_autogroups = pytest.mark.skipif(not AUTOGROUP.exists(), reason="this kernel does not group by session")


def said_after(increment: int, *, leads_session: bool, autogroup: Path = AUTOGROUP) -> list[int]:
    """The niceness of a process that added so much, and then what that file says of its session's.

    The session is a new one either way: this process need not be in any that the kernel has a group for.
    """
    program = f"""
import os
from pathlib import Path
from mailing import niceness
niceness._AUTOGROUP = Path({str(autogroup)!r})
niceness.add_niceness({increment})
print(os.nice(0))
if niceness._AUTOGROUP.exists():
    print(niceness._AUTOGROUP.read_text().split()[-1])
"""
    follower = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {program!r}], check=True)"
    answer = subprocess.run(
        [sys.executable, "-c", program if leads_session else follower],
        start_new_session=True,
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(line) for line in answer.stdout.splitlines()]


@needs_autogroups
def test_who_leads_a_session_is_nice_to_other_sessions_too() -> None:
    assert said_after(7, leads_session=True) == [os.nice(0) + 7] * 2


@needs_autogroups
@pytest.mark.parametrize(("increment", "leads_session"), [(7, False), (0, True)])
def test_a_session_is_left_as_it_is(increment: int, leads_session: bool) -> None:
    assert said_after(increment, leads_session=leads_session) == [os.nice(0) + increment, 0]


def test_where_the_kernel_has_no_such_thing_the_niceness_is_the_process_s(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "autogroup"

    assert said_after(5, leads_session=True, autogroup=missing) == [os.nice(0) + 5]
