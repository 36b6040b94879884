"""`mailing prune`."""

import sys
from typing import Annotated

import typer

from mailing.cli.connection import settings_for
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir


def command(
    days: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=36_500,
            help="For how many days after a mailing's end to keep messages; else as the setting says.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much there is to remove.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove without asking; needed where nobody can be asked.")
    ] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Remove the messages of mailings that ended long ago, and the tries to send them. It cannot be undone.

    The mailings stay, with their statistics, histories and timelines. With MAILING_RETENTION_DAYS
    the scheduler does this each night by itself; by hand it is for the first time, or for once.

    Says first how much it is, and asks. Gives way to sending. Who stops it leaves whole steps; what
    is left of a mailing that was begun is removed by the next one, or by the scheduler.
    """
    settings = settings_for(data_dir, beside=True)
    from mailing.cli.pruning import run

    sys.exit(run(settings, days=days, dry_run=dry_run, yes=yes))
