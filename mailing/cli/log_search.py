"""Finds the lines that name an id, in the order in which they happened, over the logs of all processes.

Lines are read one by one and merged as they are read: whatever the size of the logs, little is held in memory.
"""

import heapq
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

REORDERED = 20_000
"""The lines of one step of a selection, which are as late as it takes to write them."""


class Found(NamedTuple):
    """A line. `fields` is empty where it is no JSON object, as in prose that a process printed."""

    timestamp: str
    text: str
    fields: dict[str, Any]


def lines_of(streams: Iterable[Iterable[str]], name: str) -> Iterator[Found]:
    """The lines that name `name` as a whole word: `client_4` is not in `client_42`.

    Each stream is one process's, nearly in order: some lines tell of what was a moment before. A line without a moment
    goes with the one before it.
    """
    return heapq.merge(*(_in_order(_found(stream, name)) for stream in streams), key=_moment)


def read(files: Iterable[Path]) -> Iterator[str]:
    """The lines of files, one after the other. One that is put aside meanwhile is read to its end."""
    for file in files:
        try:
            with file.open(encoding="utf-8", errors="replace") as lines:
                yield from lines
        except FileNotFoundError:  # It was put aside between the look into the folder and this one.
            continue


def _in_order(lines: Iterable[Found]) -> Iterator[Found]:
    """Sorted, as far as none stands more than REORDERED places behind its own."""
    waiting: list[tuple[str, int, Found]] = []
    for number, found in enumerate(lines):
        heapq.heappush(waiting, (found.timestamp, number, found))
        if len(waiting) > REORDERED:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def _moment(found: Found) -> str:
    return found.timestamp


def _found(lines: Iterable[str], name: str) -> Iterator[Found]:
    names_it = re.compile(rf"(?<![\w.:-]){re.escape(name)}(?![\w-])").search
    timestamp = ""
    for line in lines:
        # The quick look first: it passes by most lines.
        if name in line and names_it(line):
            fields = _fields(line)
            timestamp = str(fields.get("timestamp", timestamp))
            yield Found(timestamp, line.rstrip("\n"), fields)


def _fields(line: str) -> dict[str, Any]:
    """Of a JSON object, whatever stands before it: collectors of logs put names there."""
    _, brace, rest = line.partition("{")
    try:
        fields = json.loads(brace + rest)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}
