"""The lines of a file of clients, with their numbers, and a way back to where a record went wrong."""

import csv
from collections import deque
from functools import partial
from typing import Final, TextIO

# A valid line has a few hundred characters. What is longer is cut, so that a file without line breaks is not held
# whole; what is left of it has too long a field or too many of them, and so is refused.
LONGEST_LINE: Final = 64 * 1024

# No valid record has a second line. Quotes can be set so that each line leads on to the next, to the end of the file:
# reading all that is left for every line anew would take minutes, and hold the whole file.
MOST_LINES: Final = 100
TOO_MANY_LINES: Final = "a record has too many lines"


class Lines:
    """An iterator of lines with their ends; one that is too long is cut, and still is one line.

    Keeps those of the record that is being read, so that `again` can give them once more. Raises csv.Error when there
    are more than MOST_LINES of them.
    """

    def __init__(self, file: TextIO) -> None:
        self._read = partial(file.readline, LONGEST_LINE)
        self._waiting: deque[str] = deque()
        self._record: list[str] = []
        self.number = 1
        """Of the line on which the record starts."""

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        if len(self._record) == MOST_LINES:
            raise csv.Error(TOO_MANY_LINES)
        line = self._waiting.popleft() if self._waiting else self._fresh()
        self._record.append(line)
        return line

    def begin(self) -> None:
        """The record is complete: what comes now is another one."""
        self.number += len(self._record)
        self._record.clear()

    def again(self) -> None:
        """The record is none: begin another one on its second line."""
        self._waiting.extendleft(reversed(self._record[1:]))
        del self._record[1:]
        self.begin()

    def _fresh(self) -> str:
        line = self._read()
        if not line:
            raise StopIteration
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            while (rest := self._read()) and not rest.endswith(("\n", "\r")):
                pass
        return line
