"""Takes a file of clients piece by piece, as a program sends it that has the file and cannot hand it over whole.

Each piece is a small file of its own: the header, then rows. It is taken as a whole or not at all.
"""

import asyncio
import io
from dataclasses import dataclass
from typing import Final

from mailing.clients.import_file import ImportTotals, store_batch
from mailing.clients.import_header import COLUMNS, UnusableHeaderError
from mailing.clients.import_rows import Batch, ClientRows, Rejection
from mailing.errors import InvalidInputError, Problem
from mailing.problem_code import ProblemCode

MAX_ROWS: Final = 2_000
"""What takes a fraction of a second, so that progress can be shown and others are not held off."""

MAX_CHARACTERS: Final = 300_000
"""Room for 150 characters a row, twice what a long one has. Whatever can be printed has at most three bytes for each
unit of UTF-16, so that a piece fits into a request of a megabyte."""

MAX_FIRST_LINE: Final = 2_000_000_000

MAX_REJECTIONS: Final = MAX_ROWS * len(COLUMNS)
"""Each value of each row can be wrong, in one way."""


@dataclass(frozen=True, slots=True)
class ImportedPiece:
    """What became of the rows of a piece, and everything that is wrong with those that were rejected."""

    totals: ImportTotals
    rejections: list[Rejection]


async def import_piece(csv: str, first_line: int | None = None) -> ImportedPiece:
    """Take a piece of a file: its header and at most MAX_ROWS rows.

    `first_line` is where in the file the first row of the piece stands, the line after the header if nothing else is
    said; rejections name lines of the file. All rows that can be taken are in the database afterwards, in one
    transaction. Taking a piece again is safe: see `import_clients`. Raises InvalidInputError if it cannot be used, and
    then nothing was changed.
    """
    _check(csv, first_line)
    # In a thread, for a piece whose rows are all wrong takes long, and others wait for this event loop.
    batch, columns = await asyncio.to_thread(_read, csv, first_line)
    totals = ImportTotals()
    await store_batch(batch, columns, totals)
    return ImportedPiece(totals, batch.rejections)


def _check(csv: str, first_line: int | None) -> None:
    problems = []
    if len(csv) > MAX_CHARACTERS:
        message = f"must be at most {MAX_CHARACTERS:,} characters; given: {len(csv):,}; send the file in smaller pieces"
        problems.append(Problem(("csv",), message, ProblemCode.TOO_LONG, MAX_CHARACTERS))
    if first_line is not None and not 1 <= first_line <= MAX_FIRST_LINE:
        message = f"must be 1 to {MAX_FIRST_LINE:,}; given: {first_line:,}"
        problems.append(Problem(("firstLine",), message, ProblemCode.OUT_OF_RANGE, MAX_FIRST_LINE))
    if problems:
        raise InvalidInputError(problems)


def _read(csv: str, first_line: int | None) -> tuple[Batch, list[str]]:
    """The rows as one batch, and the columns. Raises InvalidInputError."""
    try:
        # Line ends reach the parser as they are, and a byte order mark is no part of a column's name.
        rows = ClientRows(io.StringIO(csv.removeprefix("\ufeff"), newline=""), first_line)
    except UnusableHeaderError as e:
        raise InvalidInputError([Problem(("csv",), str(e), e.code)]) from e
    batch = next(rows.batches(MAX_ROWS + 1), Batch())
    if batch.rows > MAX_ROWS:
        message = f"must be at most {MAX_ROWS:,} rows; send the file in smaller pieces"
        raise InvalidInputError([Problem(("csv",), message, ProblemCode.TOO_MANY, MAX_ROWS)])
    return batch, rows.columns
