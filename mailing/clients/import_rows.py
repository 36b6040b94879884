"""Reads clients from CSV, batch by batch: what is held at any moment does not grow with the file.

A record is what RFC 4180 says, so a quoted field may hold line breaks; no valid one of a client does. Bytes that are
not UTF-8 must reach this as lone surrogates (`errors="surrogateescape"`): the row that holds them is refused by itself.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TextIO

from mailing.clients.import_header import COLUMNS, malformed, read_columns
from mailing.clients.import_lines import Lines
from mailing.clients.validation import NewClient, check_client
from mailing.errors import Problem
from mailing.problem_code import ProblemCode

BATCH_ROWS = 10_000

_COLUMN_OF = {"operatorCode": "operator_code"}
"""Columns that are called otherwise in the API, and so in problems."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One thing wrong with a row. `line` is the line of the file on which the row starts, counted from 1.

    `column` and `value` are empty where the row as a whole is wrong. `code` and `limit` are those of a Problem.
    """

    line: int
    column: str
    value: str
    reason: str
    code: ProblemCode
    limit: int | None = None


@dataclass(slots=True)
class Batch:
    """Rows of a file that are taken together, BATCH_ROWS of them unless somebody asks otherwise.

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

    `first_line` is the number of the line after the header, where `file` is only a piece of what somebody else counts
    the lines of. Raises UnusableHeaderError if the header cannot be used.
    """

    def __init__(self, file: TextIO, first_line: int | None = None) -> None:
        self._lines = Lines(file)
        self._reader = csv.reader(self._lines, strict=True)
        self.columns = read_columns(self._reader)
        self._lines.begin()
        if first_line is not None:
            self._lines.number = first_line
        absent = len(self.columns)
        places = [self.columns.index(name) if name in self.columns else absent for name in COLUMNS]
        self._pick = itemgetter(*places)

    def batches(self, rows: int | None = None) -> Iterator[Batch]:
        """All rows, checked, in the order of the file, so many at a time. Empty lines are no rows."""
        batch, most = Batch(), rows or BATCH_ROWS
        for line, fields in self._records():
            self._take(batch, line, fields)
            if batch.rows == most:
                yield batch
                batch = Batch()
        if batch.rows:
            yield batch

    def _records(self) -> Iterator[tuple[int, list[str] | csv.Error]]:
        """Each record, or why it is none, with the line on which it starts.

        After one that is none reading goes on with its second line, however far a quote has led: no valid row has a
        second line, but those that a missing quote has swallowed are rows.
        """
        lines, reader = self._lines, self._reader
        while True:
            try:
                for fields in reader:
                    if fields:
                        yield lines.number, fields
                    lines.begin()
            except csv.Error as e:
                yield lines.number, e
                lines.again()
            else:
                return

    def _take(self, batch: Batch, line: int, fields: list[str] | csv.Error) -> None:
        batch.rows += 1
        if isinstance(fields, csv.Error):
            code, reason = malformed(fields)
            self._reject(batch, [Rejection(line, "", "", reason, code)])
            return
        if (expected := len(self.columns)) != len(fields):
            reason = f"has {len(fields)} fields where the header has {expected}"
            self._reject(batch, [Rejection(line, "", "", reason, ProblemCode.WRONG_FIELD_COUNT, expected)])
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


def _rejection(line: int, problem: Problem, values: dict[str, str]) -> Rejection:
    (name,) = problem.path
    column = _COLUMN_OF.get(name, name)
    return Rejection(line, column, values[column], problem.message, problem.code, problem.limit)
