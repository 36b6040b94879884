"""Niceness of a process, and that of its session where the kernel has such a thing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

AUTOGROUP = Path("/proc/self/autogroup")

needs_autogroups = pytest.mark.skipif(not AUTOGROUP.exists(), reason="this kernel does not group by session")


def said_after(increment: int, *, own_session: bool, autogroup: Path = AUTOGROUP) -> list[int]:
    """The niceness of a child process that added so much, and then what that file says of its session's."""
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
    answer = subprocess.run(
        [sys.executable, "-c", program], start_new_session=own_session, capture_output=True, text=True, check=True
    )
    return [int(line) for line in answer.stdout.splitlines()]


@needs_autogroups
def test_who_leads_a_session_is_nice_to_other_sessions_too() -> None:
    assert said_after(7, own_session=True) == [os.nice(0) + 7] * 2


@needs_autogroups
@pytest.mark.parametrize(("increment", "own_session"), [(7, False), (0, True)])
def test_a_session_is_left_as_it_is(increment: int, own_session: bool) -> None:
    before = int(AUTOGROUP.read_text().split()[-1]) if not own_session else 0

    assert said_after(increment, own_session=own_session) == [os.nice(0) + increment, before]


def test_where_the_kernel_has_no_such_thing_the_niceness_is_the_process_s(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "autogroup"

    assert said_after(5, own_session=True, autogroup=missing) == [os.nice(0) + 5]
