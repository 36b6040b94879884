"""`mailing import`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from mailing.cli.connection import settings_for
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir


def command(
    file: Annotated[
        Path, typer.Argument(help="CSV with the header phone,operator_code,tag,timezone; - is standard input.")
    ],
    errors: Annotated[Path | None, typer.Option(help="Write the rejected rows here, each with the reason.")] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Add clients, or update those whose phone is known. Bad rows do not stop good ones.

    The columns may stand in any order; operator_code and tag may be missing or empty.

    To import a file twice is safe: what is there already is left alone.

    Exit status: 0 if every row was taken, 2 if some were rejected, 1 if it failed: the file
    could not be used and nothing was changed, or the database stopped it on the way.
    """
    settings = settings_for(data_dir, beside=True)
    from mailing.cli.import_clients import run

    sys.exit(run(settings, file, errors))
