"""What can go wrong with the servers that this program brings along.

EmbeddedError
├── ServerStartError        a server did not start
├── ServerOwnershipError    its data belongs to another user
├── LeftoverServerError     one of an earlier run is still there and cannot be stopped
└── DataDirectoryInUseError another `mailing up` uses the data directory
"""

from pathlib import Path


class EmbeddedError(Exception):
    """The root; the text is one line for the person at the terminal."""


class ServerStartError(EmbeddedError):
    """Raised when a server ends, or is silent for too long, instead of becoming ready."""


class ServerOwnershipError(EmbeddedError):
    """Raised when the folder of a server's data belongs to a user that the server would not run as."""


class LeftoverServerError(EmbeddedError):
    """Raised when a server of an earlier run still holds the data and does not stop."""


class DataDirectoryInUseError(EmbeddedError):
    """Raised when another process holds the data directory; `pid` is that process, if it is known."""

    def __init__(self, path: Path, pid: int | None) -> None:
        holder = f" (process {pid})" if pid else ""
        super().__init__(
            f"the data directory {path} is in use by another `mailing up`{holder}; "
            "stop that one, or give this one a --data-dir of its own"
        )
        self.path = path
        self.pid = pid
