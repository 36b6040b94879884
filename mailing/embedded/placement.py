"""Where a server's data and socket lie.

As root the servers run as another user. Where that user cannot reach the data directory (it lies in a folder of
mode 0700, as root's home does), the data lies in a folder of the service's own instead, and a note in
the data directory says where. No existing folder's mode or owner is ever changed.
"""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from mailing.child_process import Account
from mailing.embedded.account import can_enter, make_passable_folder, make_private_folder
from mailing.embedded.errors import ServerStartError
from mailing.embedded.orphans import tie

STATE_FOLDER = Path("/var/lib/mailing-embedded")
NOTE = "kept-elsewhere.txt"

# 107 bytes on Linux, 103 on macOS (`sun_path` with its closing zero).
LONGEST_SOCKET_PATH = 103


def settle(folder: Path, account: Account | None) -> Path:
    """Make `folder`, and answer the folder for the server's files: itself, or its substitute within STATE_FOLDER.

    The substitute belongs to this folder at this path: a copied or a new data directory gets one of its own.
    """
    folder = folder.absolute()
    make_passable_folder(folder, account)
    if substitute := _noted(folder):
        tie(substitute, folder / NOTE)
        return substitute
    if account is None or can_enter(folder, account):
        return folder
    if any(entry.name != NOTE for entry in folder.iterdir()):
        raise ServerStartError(f"{folder} holds data, but the user number {account.uid} cannot enter it any more")
    return _substitute(folder, account)


def kept_in(folder: Path) -> Path:
    """Where `settle` has put the server's files, without making anything. Raises OSError where it cannot be known."""
    return _noted(folder) or folder.absolute()


def socket_folder(home: Path, name: str, account: Account | None) -> Path:
    """A folder that only the server's user may enter, for a socket called `name`; its path is short enough."""
    folder = home / "socket"
    if len(os.fsencode(folder / name)) > LONGEST_SOCKET_PATH:
        folder = Path(tempfile.mkdtemp(prefix="mailing-", dir="/tmp"))
        if account:
            os.chown(folder, account.uid, account.gid)
        return folder
    make_private_folder(folder, account)
    return folder


def _noted(folder: Path) -> Path | None:
    try:
        place = Path((folder / NOTE).read_text().splitlines()[0])
    except (FileNotFoundError, IndexError):
        return None
    return place if place.name.startswith(_mark(folder)) and place.is_dir() else None


def _substitute(folder: Path, account: Account) -> Path:
    # Random, so that removing the data directory is enough to begin anew. A moved one's former places stay noted.
    former = (folder / NOTE).read_text() if (folder / NOTE).exists() else ""
    place = STATE_FOLDER / f"{_mark(folder)}{secrets.token_hex(4)}"
    make_passable_folder(STATE_FOLDER, account)
    make_passable_folder(place, account)
    (folder / NOTE).write_text(f"{place}\n{former}")
    tie(place, folder / NOTE)
    return place


def _mark(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12] + "-"
