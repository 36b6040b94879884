"""How far a command is that goes through many messages: a bar with their number."""

from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mailing.cli.screen import console


class MessageProgress:
    """Shows nothing but on a terminal."""

    def __init__(self, what: str, messages: int | None) -> None:
        """`what` is done with so many messages; None where nobody knows how many."""
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("messages"), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task("", total=messages)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def advance(self, messages: int) -> None:
        """So many more are done with."""
        self._progress.advance(self._task, messages)
