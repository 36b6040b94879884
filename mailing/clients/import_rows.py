"""Reads clients from CSV, batch by batch: what is held at any moment does not grow with the file.

A record is what RFC 4180 says, so a quoted field may hold line breaks; no valid one of a client does. Bytes that are
not UTF-8 must reach this as lone surrogates (`errors="surrogateescape"`): the row that holds them is refused by itself.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Final, TextIO

from mailing.clients.validation import NewClient, check_client
from mailing.errors import Problem
from mailing.wording import shown

COLUMNS: Final = ("phone", "operator_code", "tag", "timezone")
REQUIRED: Final = ("phone", "timezone")

BATCH_ROWS = 10_000

# A valid line has a few hundred characters. What is longer is cut, so that a file without line breaks is not held
# whole; what is left of it has too long a field or too many of them, and so is refused.
LONGEST_LINE = 64 * 1024

NOT_UTF8 = "it is not UTF-8"

_COLUMN_OF = {"operatorCode": "operator_code"}
"""Columns that are called otherwise in the API, and so in problems."""


class UnusableFileError(Exception):
    """Raised when no row of a file can be taken; the text is one line that says why."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One thing wrong with a row. `line` is the line of the file on which the row starts, counted from 1.

    `column` and `value` are empty where the row as a whole is wrong.
    """

    line: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Batch:
    """Up to BATCH_ROWS rows of a file.

    `clients` holds one for each phone: where a phone comes again the last row wins, and the others count as
    `superseded`. `rejections` may hold several of one row.
    """

    rows: int = 0
    clients: dict[int, NewClient] = field(default_factory=dict)
    rejected: int = 0
    rejections: list[Rejection] = field(default_factory=list)

    @property
    def superseded(self) -> int:
        return self.rows - self.rejected - len(self.clients)


class ClientRows:
    """The rows of a file whose header has been read; `columns` are those that it names, in its order.

    Raises UnusableFileError if the header cannot be used.
    """

    def __init__(self, file: TextIO) -> None:
        self._reader = csv.reader(_bounded_lines(file), strict=True)
        self.columns = _columns(self._reader)
        absent = len(self.columns)
        places = [self.columns.index(name) if name in self.columns else absent for name in COLUMNS]
        self._pick = itemgetter(*places)

    def batches(self) -> Iterator[Batch]:
        """All rows, checked, in the order of the file. Empty lines are no rows."""
        batch = Batch()
        for line, fields in self._records():
            self._take(batch, line, fields)
            if batch.rows == BATCH_ROWS:
                yield batch
                batch = Batch()
        if batch.rows:
            yield batch

    def _records(self) -> Iterator[tuple[int, list[str] | csv.Error]]:
        """Each record, or why it is none, with the line on which it starts. After a bad one the next line is read."""
        reader = self._reader
        while True:
            line = reader.line_num + 1
            try:
                for fields in reader:
                    if fields:
                        yield line, fields
                    line = reader.line_num + 1
            except csv.Error as e:
                yield line, e
            else:
                return

    def _take(self, batch: Batch, line: int, fields: list[str] | csv.Error) -> None:
        batch.rows += 1
        if isinstance(fields, csv.Error):
            self._reject(batch, [Rejection(line, "", "", _malformed(fields))])
            return
        if len(fields) != len(self.columns):
            reason = f"has {len(fields)} fields where the header has {len(self.columns)}"
            self._reject(batch, [Rejection(line, "", "", reason)])
            return
        fields.append("")  # What a column that is absent has in every row.
        phone, operator_code, tag, timezone = self._pick(fields)
        checked = check_client(phone, operator_code or None, tag, timezone)
        if isinstance(checked, NewClient):
            batch.clients[checked.phone] = checked
        else:
            values = dict(zip(COLUMNS, (phone, operator_code, tag, timezone), strict=True))
            self._reject(batch, [_rejection(line, problem, values) for problem in checked])

    def _reject(self, batch: Batch, rejections: list[Rejection]) -> None:
        batch.rejected += 1
        batch.rejections += rejections


def _columns(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = next((fields for fields in reader if fields), None)
    except csv.Error as e:
        raise UnusableFileError(f"its header cannot be read: {_malformed(e)}") from e
    if header is None:
        raise UnusableFileError("it is empty; it must begin with the header " + ",".join(COLUMNS))
    if any("\ud800" <= character <= "\udfff" for name in header for character in name):
        raise UnusableFileError(NOT_UTF8)
    columns = [name.strip().lower() for name in header]
    if problem := _header_problem(columns):
        raise UnusableFileError(problem)
    return columns


def _header_problem(columns: list[str]) -> str | None:
    if missing := [name for name in REQUIRED if name not in columns]:
        hint = "; columns must be separated by commas" if len(columns) == 1 and _other_separator(columns[0]) else ""
        return f"its header lacks {' and '.join(missing)}: {shown(','.join(columns))}{hint}"
    # Ignoring it could lose what somebody meant: "tags" is not "tag".
    if unknown := [name for name in columns if name not in COLUMNS]:
        return f"its header names {shown(unknown[0])}; the columns are {', '.join(COLUMNS)}"
    if len(set(columns)) < len(columns):
        return f"its header names a column twice: {shown(','.join(columns))}"
    return None


def _other_separator(header: str) -> bool:
    return any(separator in header for separator in ";\t|")


def _bounded_lines(file: TextIO) -> Iterator[str]:
    """The lines with their ends; one that is too long is cut, and still is one line."""
    for line in iter(partial(file.readline, LONGEST_LINE), ""):
        yield line
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            _skip_line(file)


def _skip_line(file: TextIO) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
        pass


def _malformed(error: csv.Error) -> str:
    """The parser's words; what it says of an open quote is about the limit that it ran into."""
    what = str(error)
    if "field limit" in what or "end of data" in what:
        return "a quoted field does not end; is a closing quote missing?"
    return f"is not CSV: {what}"


def _rejection(line: int, problem: Problem, values: dict[str, str]) -> Rejection:
    (name,) = problem.path
    column = _COLUMN_OF.get(name, name)
    return Rejection(line, column, values[column], problem.message)
