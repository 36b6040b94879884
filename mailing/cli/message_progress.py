"""How far `mailing prune` is: a bar by messages."""

from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mailing.cli.screen import console


class PruningProgress:
    """Shows nothing but on a terminal."""

    def __init__(self, messages: int) -> None:
        columns = (TextColumn("Removing …"), BarColumn(), MofNCompleteColumn(), TextColumn("messages"))
        self._progress = Progress(
            *columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal
        )
        self._task = self._progress.add_task("", total=messages)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, messages: int) -> None:
        """So many are removed."""
        self._progress.update(self._task, completed=messages)
