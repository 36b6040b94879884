"""`mailing restored`."""

from typing import Annotated

import typer

from mailing.cli.connection import settings_for
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir


def command(
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without this nothing is changed.")] = False,
    ids_ahead: Annotated[
        int,
        typer.Option(
            min=1_000_000,
            max=1_000_000_000_000,  # Room for many restores below the keys of `mailing.db.locks`.
            help="More than all messages, clients and mailings that were made since the backup.",
        ),
    ] = 1_000_000_000,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Run this after the database was restored from a backup, before the service is started again.

    What was sent since the backup is not in the database. So this lets new ids begin where none was ever used, pauses
    every mailing that would send, and remembers of each message that waits that the provider may have it. Then start
    the service, look at the paused mailings, and resume or cancel each.

    Not needed where the backup was made after the service had been stopped, nor where only Redis was lost.

    Without --yes it only shows what it would do. It may be run again at any time.
    """
    settings = settings_for(data_dir, beside=True)
    from mailing.cli.restoration import run

    run(settings, carry_out=yes, ids_ahead=ids_ahead)
