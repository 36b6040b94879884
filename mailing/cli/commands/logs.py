"""`mailing logs`."""

import io
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from mailing.cli.failure import CommandError
from mailing.cli.options import DEFAULT_DATA_DIR

_STANDARD_INPUT = Path("-")


def command(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="mailing_7, client_42, message_1001, an operation's id, a user …")
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Logs to look in; - is standard input.")
    ] = None,
    data_dir: Annotated[
        Path, typer.Option("--data-dir", help="Where no file is named: whose logs to look in.")
    ] = DEFAULT_DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print the lines as they are.")] = False,
) -> None:
    """Show all that the logs tell of an id, over all processes, in the order in which it happened."""
    from rich.console import Console

    from mailing.cli.log_screen import as_text
    from mailing.cli.log_search import lines_of

    if not name.strip():
        raise CommandError("ID must not be empty")
    console = Console(highlight=False, soft_wrap=True)
    streams, where = _streams(files, data_dir)
    is_named = False
    try:
        for found in lines_of(streams, name):
            is_named = True
            if as_json:
                print(found.text)
            else:
                console.print(as_text(found))
        sys.stdout.flush()
    except PermissionError as e:
        raise CommandError(f"{e.filename} must not be read by you") from e
    except BrokenPipeError:
        # Whoever reads has seen enough. Python would complain again when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not is_named:
        raise CommandError(f"no line in {where} names {name}")


def _streams(files: list[Path] | None, data_dir: Path) -> tuple[list[Iterable[str]], str]:
    """The logs of each process, and how to call them all."""
    from mailing.cli.log_files import log_folder, written_in
    from mailing.cli.log_search import read

    if not files:
        folder = log_folder(data_dir)
        processes = written_in(folder)
        if not processes:
            raise CommandError(f"there are no logs in {folder}; name files, or another --data-dir")
        return [read(of_process) for of_process in processes], str(folder)
    # A pipe is as good, as in `mailing logs message_1 <(zcat old.log.gz)`.
    no_files = [file for file in files if file != _STANDARD_INPUT and (file.is_dir() or not file.exists())]
    if no_files:
        raise CommandError(f"there is no file {', '.join(map(str, no_files))}")
    return [_standard_input() if file == _STANDARD_INPUT else read([file]) for file in files], ", ".join(
        map(str, files)
    )


def _standard_input() -> Iterable[str]:
    """Whatever bytes it has."""
    return io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
