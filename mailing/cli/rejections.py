"""The rows that an import did not take: the first on the screen, all of them in a file."""

import csv
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from rich.text import Text

from mailing.cli.failure import CommandError
from mailing.cli.screen import console
from mailing.clients.import_rows import Rejection

SHOWN = 20


class RejectionReport:
    """Keeps what is shown, counts the rest, and writes everything to a CSV file if there is one.

    Entering raises CommandError if the file cannot be written.
    """

    def __init__(self, file: Path | None) -> None:
        self._path = file
        self._first: list[Rejection] = []
        self._count = 0
        self._writer: Any = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if self._path is not None:
            try:
                # Bytes that are not UTF-8 are written as \\udcff and the like: this file is UTF-8.
                file = self._path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
            except OSError as e:
                raise CommandError(f"--errors: {self._path} cannot be written: {e.strerror or e}") from e
            self._writer = csv.writer(self._open.enter_context(file))
            self._writer.writerow(("line", "field", "value", "reason"))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, rejections: Sequence[Rejection]) -> None:
        self._first += rejections[: SHOWN - len(self._first)]
        self._count += len(rejections)
        if self._writer is not None:
            self._writer.writerows((r.line, r.column, r.value, r.reason) for r in rejections)

    def show(self) -> None:
        """Print the first ones, and where the others are."""
        for rejection in self._first:
            where = f"line {rejection.line}: " + (f"{rejection.column} " if rejection.column else "")
            console.print(Text.assemble((where, "red"), rejection.reason), soft_wrap=True)
        if self._count > SHOWN:
            place = f"all of them are in {self._path}" if self._path else "--errors FILE writes all of them to a file"
            console.print(f"… and {self._count - SHOWN:,} more; {place}", soft_wrap=True, markup=False)
