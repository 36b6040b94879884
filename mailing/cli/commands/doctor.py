"""`mailing doctor`."""

from typing import Annotated

import typer

from mailing.cli.options import DEFAULT_DATA_DIR, DataDir


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Look whether all is well: settings, database, Redis, provider, mail server, clocks, zones, disk. Say what to do.

    Run it where the service runs, with its environment. It changes nothing and sends no message. The provider is asked
    with one request that has no phone and no text; of the mail server it takes leave before any mail.

    Takes fifteen seconds at most. Exit status: 0 if there is no problem, warnings or not; 1 if there is one.
    """
    from mailing.cli.examination import run

    run(data_dir, as_json=as_json)
