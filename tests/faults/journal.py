"""The witness's journal: one line for each request when it arrives, one more when it is answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the provider saw it, whatever came of it. Times are the provider's own, in seconds since 1970."""

    id: int
    arrived_at: float
    taken: bool
    """The provider has the message; perhaps it had it before."""
    answered_at: float | None = None
    """None: never."""
    status: int | None = None


class JournalWriter:
    """Writes while requests come. Numbers them from 0."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.next_number = 0

    def arrived(self, message_id: int, *, taken: bool) -> None:
        self._file.write(f"> {self.next_number} {message_id} {time()!r} {taken:d}\n")
        self.next_number += 1

    def answered(self, number: int, status: int) -> None:
        self._file.write(f"< {number} {time()!r} {status}\n")


def read_journal(path: Path) -> list[Request]:
    """All requests, in the order of their arrival."""
    with path.open() as lines:
        return parse_journal(lines)


def parse_journal(lines: Iterable[str]) -> list[Request]:
    requests: list[Request] = []
    for line in lines:
        match line.split():
            case [">", _, message_id, arrived_at, taken]:
                requests.append(Request(int(message_id), float(arrived_at), taken == "1"))
            case ["<", number, answered_at, status]:
                asked = requests[int(number)]
                requests[int(number)] = Request(
                    asked.id, asked.arrived_at, asked.taken, float(answered_at), int(status)
                )
    return requests
