"""How far an import is: a bar by bytes where the size is known, a spinner with counts where it is not."""

from typing import Self

from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TextColumn, TimeRemainingColumn

from mailing.cli.screen import console
from mailing.clients.import_file import ImportTotals
from mailing.clients.import_source import Source


class ImportProgress:
    """Shows nothing but on a terminal."""

    def __init__(self, source: Source) -> None:
        self._source = source
        columns: list[ProgressColumn] = [SpinnerColumn(), TextColumn("{task.description}")]
        if source.size is not None:
            columns += [BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn()]
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task("Reading …", total=source.size)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, totals: ImportTotals) -> None:
        counts = f"{totals.rows:,} rows, {totals.rejected:,} rejected"
        self._progress.update(self._task, completed=self._source.bytes_read, description=counts)
