"""The bound on open files, in a process of its own."""

import resource
import subprocess
import sys

PROGRAM = """
import resource
from mailing.cli.open_files import allow_open_files
allow_open_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def allowed(soft: int, hard: int) -> tuple[int, int]:
    """The bounds that a process ends up with that begins with these."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard)),
        capture_output=True,
        text=True,
        check=True,
    )
    soft, hard = map(int, done.stdout.split())
    return soft, hard


def test_a_process_that_may_open_little_is_allowed_what_the_system_lets_it() -> None:
    assert allowed(256, 2048) == (2048, 2048)


def test_what_is_allowed_already_stays() -> None:
    assert allowed(2048, 2048) == (2048, 2048)
