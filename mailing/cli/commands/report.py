"""`mailing report`."""

from typing import Annotated

import typer

from mailing.cli.connection import settings_for
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir


def command(
    date: Annotated[
        str | None,
        typer.Option(help="Which day, such as 2026-11-21; yesterday without it, by MAILING_REPORT_TIMEZONE."),
    ] = None,
    preview: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the HTML here; - is standard output.")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="Send it now, whether or not that day's has been sent.")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Show the report of a day as plain text, or write it to a file, or send it.

    Nothing has to be set to look at it; to send it, MAILING_REPORT_TO, MAILING_REPORT_FROM and
    MAILING_SMTP_URL have to be. The scheduler sends each day's report by itself, once.
    """
    settings = settings_for(data_dir)
    from mailing.cli.daily_report import run

    run(settings, date=date, preview=preview, send=send)
