"""What `mailing import` does, and what it shows."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.table import Table

from mailing.cli.command_log import configure_command_log
from mailing.cli.database import connected
from mailing.cli.failure import CommandError, first_line
from mailing.cli.import_progress import ImportProgress
from mailing.cli.preconditions import check_database
from mailing.cli.rejections import RejectionReport
from mailing.cli.screen import console
from mailing.clients.import_file import ImportTotals, import_clients
from mailing.clients.import_header import UnusableFileError
from mailing.clients.import_rows import Batch, ClientRows
from mailing.clients.import_source import STANDARD_INPUT, Source, opened
from mailing.db import orm
from mailing.settings import Settings

TAKEN, SOME_REJECTED, INTERRUPTED = 0, 2, 130


def run(settings: Settings, file: Path, errors: Path | None) -> int:
    """Import `file` and write its rejected rows to `errors`. The exit status: 0, or 2 if a row was rejected.

    Raises CommandError if the file cannot be used, and then nothing was changed; also if the database fails on the way,
    and then whole batches are in.
    """
    configure_command_log(settings, "import")
    _check_errors_file(file, errors)
    assert settings.database_url
    check_database(settings.database_url)
    totals = ImportTotals()
    started = time.monotonic()
    try:
        with _opened(file) as (source, rows), RejectionReport(errors) as report:
            asyncio.run(_import(settings, source, rows, report, totals))
    except KeyboardInterrupt:
        console.print(f"Interrupted. {_so_far(totals)}", soft_wrap=True)
        return INTERRUPTED
    except orm.DATABASE_ERRORS as e:
        raise CommandError(f"the import stopped: {first_line(e)}. {_so_far(totals)}") from e
    report.show()
    _show(totals, time.monotonic() - started)
    return SOME_REJECTED if totals.rejected else TAKEN


@contextmanager
def _opened(file: Path) -> Iterator[tuple[Source, ClientRows]]:
    name = "standard input" if file == STANDARD_INPUT else str(file)
    try:
        with opened(file) as source:
            yield source, ClientRows(source.lines)
    except UnusableFileError as e:
        raise CommandError(f"{name} cannot be imported: {e}") from e


async def _import(
    settings: Settings, source: Source, rows: ClientRows, report: RejectionReport, totals: ImportTotals
) -> None:
    async with connected(settings):
        with ImportProgress(source) as progress:

            def after_batch(batch: Batch) -> None:
                report.add(batch.rejections)
                progress.show(totals)

            await import_clients(rows, totals, after_batch)


def _check_errors_file(file: Path, errors: Path | None) -> None:
    if errors is not None and errors.exists() and file.exists() and errors.samefile(file):
        raise CommandError(f"--errors: {errors} is the file to import; it would be overwritten")


def _so_far(totals: ImportTotals) -> str:
    return f"{totals.rows:,} rows have been taken; to take the rest import the same file again"


def _show(totals: ImportTotals, seconds: float) -> None:
    figures = {
        "created": totals.created,
        "updated": totals.updated,
        "unchanged": totals.unchanged,
        **({"superseded by a later row": totals.superseded} if totals.superseded else {}),
        "rejected": totals.rejected,
    }
    speed = f"{totals.rows:,} rows in {seconds:,.1f} s, {totals.rows / max(seconds, 0.001):,.0f} rows/s"
    if not console.is_terminal:
        console.print(", ".join(f"{name} {count}" for name, count in figures.items()), soft_wrap=True)
        console.print(speed, soft_wrap=True)
        return
    table = Table("", "rows", title="Import", show_header=False)
    table.columns[1].justify = "right"
    for name, count in figures.items():
        table.add_row(name, f"{count:,}")
    console.print(table, speed, sep="\n")
