"""The first line of a file of clients: which column is which, or why no row of the file can be taken."""

import csv
from collections.abc import Iterator
from typing import Final

from mailing.clients.import_lines import TOO_MANY_LINES
from mailing.problem_code import ProblemCode
from mailing.wording import shown

COLUMNS: Final = ("phone", "operator_code", "tag", "timezone")
REQUIRED: Final = ("phone", "timezone")

NOT_UTF8 = "it is not UTF-8"


class UnusableFileError(Exception):
    """Raised when no row of a file can be taken; the text is one line that says why."""


class UnusableHeaderError(UnusableFileError):
    """Raised when that is because of the header; `code` names the rule."""

    def __init__(self, reason: str, code: ProblemCode) -> None:
        super().__init__(reason)
        self.code = code


def read_columns(reader: Iterator[list[str]]) -> list[str]:
    """The columns that the first record names, in its order. Raises UnusableHeaderError."""
    try:
        header = next((fields for fields in reader if fields), None)
    except csv.Error as e:
        code, reason = malformed(e)
        raise UnusableHeaderError(f"its header cannot be read: {reason}", code) from e
    if header is None:
        reason = "it is empty; it must begin with the header " + ",".join(COLUMNS)
        raise UnusableHeaderError(reason, ProblemCode.EMPTY_FILE)
    if any("\ud800" <= character <= "\udfff" for name in header for character in name):
        raise UnusableHeaderError(NOT_UTF8, ProblemCode.FORBIDDEN_CHARACTERS)
    columns = [name.strip().lower() for name in header]
    _check(columns)
    return columns


def malformed(error: csv.Error) -> tuple[ProblemCode, str]:
    """The parser's words; what it says of an open quote is about the limit that it ran into."""
    what = str(error)
    if "field limit" in what or "end of data" in what or what == TOO_MANY_LINES:
        return ProblemCode.UNCLOSED_QUOTE, "a quoted field does not end; is a closing quote missing?"
    return ProblemCode.NOT_CSV, f"is not CSV: {what}"


def _check(columns: list[str]) -> None:
    if missing := [name for name in REQUIRED if name not in columns]:
        hint = "; columns must be separated by commas" if len(columns) == 1 and _other_separator(columns[0]) else ""
        reason = f"its header lacks {' and '.join(missing)}: {shown(','.join(columns))}{hint}"
        raise UnusableHeaderError(reason, ProblemCode.COLUMN_MISSING)
    # Ignoring it could lose what somebody meant: "tags" is not "tag".
    if unknown := [name for name in columns if name not in COLUMNS]:
        reason = f"its header names {shown(unknown[0])}; the columns are {', '.join(COLUMNS)}"
        raise UnusableHeaderError(reason, ProblemCode.COLUMN_UNKNOWN)
    if len(set(columns)) < len(columns):
        reason = f"its header names a column twice: {shown(','.join(columns))}"
        raise UnusableHeaderError(reason, ProblemCode.COLUMN_REPEATED)


def _other_separator(header: str) -> bool:
    return any(separator in header for separator in ";\t|")
