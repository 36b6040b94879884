"""The data directory: one `mailing up` at a time, and where the others find it."""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from mailing.embedded.account import make_passable_folder, server_account
from mailing.embedded.errors import DataDirectoryInUseError

_LOCK_FILE = "up.lock"
_ENDPOINTS_FILE = "endpoints.json"

# A reader holds the lock for a moment when it asks whether anybody else does.
_LOCK_PATIENCE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the parts of a running `mailing up` listen, and its process."""

    database_url: str
    redis_url: str
    provider_url: str
    provider_token: str | None
    """The fake provider's. A real one's token is never written down."""
    api_url: str
    pid: int


class DataDirectory:
    """The folder of one `mailing up`, held by this process from `acquire()` to `release()` or to its death.

    Made with mode 0700 if it is not there. As root 0711: the servers' own user must pass through to its files.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: int | None = None

    def acquire(self) -> None:
        """Raises DataDirectoryInUseError if another process holds it, OSError if it cannot be made."""
        make_passable_folder(self.path, server_account())
        lock = os.open(self.path / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock_exclusively(lock):
            holder = os.pread(lock, 32, 0).decode().strip()
            os.close(lock)
            raise DataDirectoryInUseError(self.path, int(holder) if holder.isdigit() else None)
        os.truncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        self._lock = lock
        self._withdraw()  # Those of a run that was killed.

    def publish(self, endpoints: Endpoints) -> None:
        """Let other commands find this run. Readable by this user alone: a URL may hold a password."""
        assert self._lock is not None, "the directory is not held"
        new = self.path / f".{_ENDPOINTS_FILE}.{os.getpid()}"
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(endpoints), file, indent=2)
        new.replace(self.path / _ENDPOINTS_FILE)

    def release(self) -> None:
        if self._lock is None:
            return
        self._withdraw()
        os.close(self._lock)
        self._lock = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _withdraw(self) -> None:
        (self.path / _ENDPOINTS_FILE).unlink(missing_ok=True)


def read_endpoints(data_dir: Path) -> Endpoints | None:
    """Where the `mailing up` in that directory listens; None if none runs there or it is not ready yet.

    Raises PermissionError if it belongs to another user.
    """
    try:
        lock = os.open(data_dir / _LOCK_FILE, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _published(data_dir)
    else:
        return None
    finally:
        os.close(lock)


def _published(data_dir: Path) -> Endpoints | None:
    try:
        return Endpoints(**json.loads((data_dir / _ENDPOINTS_FILE).read_text()))
    except FileNotFoundError:
        return None


def _lock_exclusively(lock: int) -> bool:
    deadline = time.monotonic() + _LOCK_PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        else:
            return True
