"""What `mailing demo` shows."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Column, Table

from mailing.cli.screen import console

MOST_ROWS = 12
_PLAIN_INTERVAL_SECONDS = 2

_DIMENSIONS = {"byOperatorCode": "Operator code", "byTag": "Tag", "byTimezone": "Time zone"}


class SendingProgress:
    """A live bar on a terminal; elsewhere a line every two seconds."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._last_line = 0.0
        self._bar = Progress(
            BarColumn(bar_width=None, table_column=Column(ratio=1, min_width=10)),
            TextColumn("{task.description}", table_column=Column(no_wrap=True)),
            console=console,
            expand=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=expected)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, state: Mapping[str, Any]) -> None:
        done = state["total"] - state["pending"] - state["sending"]
        rate = f"{state['messagesPerSecond']:,.0f} messages/s"
        figures = [f"sent {state['sent']:,}", f"failed {state['failed']:,}", rate, *_finish(state)]
        self._bar.update(self._task, completed=done, description=_beside_the_bar(state, self._expected))
        if not console.is_terminal and time.monotonic() - self._last_line >= _PLAIN_INTERVAL_SECONDS:
            self._last_line = time.monotonic()
            console.print(f"{done:,} of {self._expected:,} done: {', '.join(figures)}", soft_wrap=True)


def show_statistics(statistics: Mapping[str, Any]) -> None:
    """By status, operator code, tag, time zone and reason: tables on a terminal, lines elsewhere."""
    by_status = [(row["status"], row["count"]) for row in statistics["byStatus"] if row["count"]]
    _show("Status", ["messages"], [(status, [count]) for status, count in by_status])
    statuses = [status for status, _ in by_status]
    for field, title in _DIMENSIONS.items():
        _show(title, ["messages", *statuses], [_group(row, statuses) for row in _largest(statistics[field])])
    if statistics["failures"]:
        _show("Failure", ["messages"], [(row["reason"], [row["count"]]) for row in statistics["failures"]])


def _beside_the_bar(state: Mapping[str, Any], expected: int) -> str:
    """Short enough to leave room for the bar on a terminal of 80 columns."""
    counts = f"{state['sent']:,} sent, {state['failed']:,} failed of {expected:,}"
    return " · ".join([counts, f"{state['messagesPerSecond']:,.0f}/s", *_finish(state)])


def _finish(state: Mapping[str, Any]) -> list[str]:
    if state["estimatedFinishAt"] is None:
        return []
    at = datetime.fromisoformat(state["estimatedFinishAt"]).astimezone()
    return [f"ends about {at:%H:%M:%S}"]


def _largest(groups: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(groups, key=lambda group: (-group["total"], group["value"]))


def _group(group: Mapping[str, Any], statuses: Sequence[str]) -> tuple[str, list[int]]:
    counts = {row["status"]: row["count"] for row in group["byStatus"]}
    return group["value"] or "(none)", [group["total"], *(counts.get(status, 0) for status in statuses)]


def _show(title: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> None:
    shown, more = rows[:MOST_ROWS], len(rows) - MOST_ROWS
    if console.is_terminal:
        table = Table(title, *columns, caption=f"… and {more} more" if more > 0 else None)
        for column in table.columns[1:]:
            column.justify = "right"
        for name, counts in shown:
            table.add_row(name, *(f"{count:,}" for count in counts))
        console.print(table)
        return
    for name, counts in shown:
        figures = ", ".join(f"{column} {count}" for column, count in zip(columns, counts, strict=True))
        console.print(f"{title} {name}: {figures}", soft_wrap=True, markup=False)
    if more > 0:
        console.print(f"{title}: … and {more} more", soft_wrap=True)
