"""Removing data that lies outside of its data directory, which somebody has deleted.

Each place of such data, a folder that only root can write in, holds TIE: a second name (a hard link) of the note in the
data directory. While that note exists anywhere, in a directory that was renamed too, the file has two names; with one
name left, it was deleted. A place without a tie is never removed: it is of an earlier version, or its data directory
lies on another file system, which need not be mounted now.
"""

import contextlib
import os
import shutil
import sys
from pathlib import Path

from mailing.embedded.leftover import is_any_at_work_below

TIE = "note"
NOTED_AT = "noted-at.txt"


def tie(place: Path, note: Path) -> None:
    """Let `place` go with that note. Where that cannot be, the place stays for good."""
    second_name, path = place / TIE, place / NOTED_AT
    if second_name.exists() and second_name.samefile(note):
        return
    with contextlib.suppress(OSError):  # Another file system, or one without hard links.
        second_name.unlink(missing_ok=True)
        path.write_text(str(note))
        os.link(note, second_name)


def remove_orphans(state_folder: Path) -> list[Path]:
    """Remove the places whose note was deleted and in which nobody is at work; the places removed.

    Does nothing but for root on Linux: others have no such places, and elsewhere nobody can tell who is at work.
    """
    if sys.platform != "linux" or os.geteuid() != 0 or not state_folder.is_dir():
        return []
    return [place for place in state_folder.iterdir() if _is_orphan(place) and _remove(place)]


def _is_orphan(place: Path) -> bool:
    try:
        is_last_name = (place / TIE).lstat().st_nlink == 1
    except OSError:
        return False
    return is_last_name and not _is_noted(place) and not is_any_at_work_below(place.resolve())


def _is_noted(place: Path) -> bool:
    """Whether the note is there after all: another file of the same name and text, as a copy of the directory has."""
    try:
        return str(place) in Path((place / NOTED_AT).read_text()).read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # Nobody can tell.
        return True


def _remove(place: Path) -> bool:
    """Whether it went. The tie goes last: what is cut short, or fails, is taken up by the next start."""
    try:
        for entry in place.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name != TIE:
                entry.unlink()
        shutil.rmtree(place)
    except OSError:
        return False
    return True
