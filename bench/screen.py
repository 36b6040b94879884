"""The bars that show how far a run has come."""

from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Screen:
    """Progress bars on standard error, so that standard output holds the report alone. A context manager."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )

    def step(self, what: str, total: int) -> Callable[[int], None]:
        """A new bar; call what is returned with how much of `total` is done."""
        task = self._progress.add_task(what, total=total)
        return lambda done: self._progress.update(task, completed=done)

    def __enter__(self) -> "Screen":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
