"""As whom the servers run.

PostgreSQL refuses to run as root. As root, both servers run as `nobody`, which exists everywhere and owns nothing.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from pathlib import Path

from mailing.child_process import Account
from mailing.embedded.errors import ServerOwnershipError, ServerStartError

UNPRIVILEGED_USER = "nobody"


def server_account() -> Account | None:
    """The user to drop to, or None to stay the user that this process is."""
    if os.geteuid() != 0:
        return None
    try:
        user = pwd.getpwnam(UNPRIVILEGED_USER)
    except KeyError as e:
        raise ServerStartError(f"PostgreSQL refuses to run as root, and there is no user {UNPRIVILEGED_USER!r}") from e
    return Account(user.pw_uid, user.pw_gid)


def can_enter(folder: Path, account: Account | None) -> bool:
    """Whether that user can pass through every folder down to this one. The system is asked, no mode is guessed at."""
    return can_run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], account)


def can_run(argv: Sequence[str], account: Account | None) -> bool:
    """Whether that user can run the program, and it ends well."""
    try:
        done = subprocess.run(
            argv,
            check=False,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except OSError:
        return False
    return done.returncode == 0


def make_private_folder(path: Path, account: Account | None) -> None:
    """Make a folder that only the servers' user may enter. One that exists stays as it is.

    Raises ServerOwnershipError if one exists and belongs to another user.
    """
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        check_owner(path, account)
        return
    if account:
        os.chown(path, account.uid, account.gid)


def check_owner(path: Path, account: Account | None) -> None:
    """Raises ServerOwnershipError if the servers' user does not own it."""
    expected, actual = account.uid if account else os.geteuid(), path.stat().st_uid
    if actual != expected:
        raise ServerOwnershipError(
            f"{path} belongs to user number {actual}, and this would use it as user number {expected}: "
            "run this as the user who made it, or choose another --data-dir"
        )


def make_passable_folder(path: Path, account: Account | None) -> None:
    """Make a folder for this process's user alone; the servers' user can pass through it, but not list it.

    One that exists stays as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return
    if account:
        path.chmod(0o711)
