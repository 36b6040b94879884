"""Opens a file of clients so that it can be read line by line, whatever it is."""

import io
import os
import stat
import sys
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from mailing.clients.import_header import NOT_UTF8, UnusableFileError

STANDARD_INPUT = Path("-")

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """An open file. `size` in bytes is None where nobody knows it: standard input, a pipe."""

    lines: TextIO
    size: int | None
    _bytes: BinaryIO

    @property
    def bytes_read(self) -> int:
        """How much of `size` has been read."""
        return self._bytes.tell() if self.size is not None else 0


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a file, or standard input for `-`. UTF-8, with a byte order mark or without.

    A file is read through once beforehand, so that one in another encoding is refused as a whole; of a stream that
    cannot be read twice only the rows are refused that are not UTF-8. Raises UnusableFileError.
    """
    with _open(path) as file:
        size = _size(file)
        if size is not None:
            _check_encoding(file)
        # Line ends reach the parser as they are: in a quoted field they are data.
        lines = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        try:
            yield Source(lines, size, file)
        finally:
            lines.detach()  # It would close standard input, too.


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as e:
        raise UnusableFileError(f"it cannot be read: {e.strerror or e}") from e
    with file:
        yield file


def _size(file: BinaryIO) -> int | None:
    status = os.fstat(file.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _check_encoding(file: BinaryIO) -> None:
    decoder = getincrementaldecoder("utf-8")()
    start = file.tell()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as e:
        raise UnusableFileError(NOT_UTF8) from e
    file.seek(start)
