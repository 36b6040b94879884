"""`mailing demo`."""

import sys
from typing import Annotated

import typer

from mailing.cli.connection import named_endpoints
from mailing.cli.failure import CommandError
from mailing.cli.log_files import COMMANDS, log_file
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir
from mailing.embedded.runtime import read_endpoints


def command(
    clients: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many clients the mailing is for.")] = 10_000,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="MAILING_TOKEN",
            help="Where sign-in is on: a token with the role operator, best by the environment, for others see what "
            "is typed here.",
        ),
    ] = None,
    api_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The API of a service that `mailing up` has not started: http://api:8000. Its database, Redis and "
            "fake provider are those that the environment names.",
        ),
    ] = None,
) -> None:
    """Send a mailing through a running `mailing up`, and watch it until every message is accounted for."""
    endpoints = named_endpoints(api_url) if api_url else read_endpoints(data_dir)
    if endpoints is None:
        raise CommandError(f"no `mailing up` runs in {data_dir.absolute()}; start it first, or name its --data-dir")
    from mailing.cli.demonstration import run

    sys.exit(run(endpoints, clients, None if api_url else log_file(data_dir, COMMANDS), token))
