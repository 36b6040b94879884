"""`mailing healthy`."""

from typing import Annotated

import typer


def command(
    port: Annotated[
        int,
        typer.Option(
            min=1, max=65_535, envvar="MAILING_METRICS_PORT", help="Where to ask; the API answers on its own port, too."
        ),
    ] = 8000,
    host: Annotated[
        str, typer.Option(envvar="MAILING_METRICS_HOST", help="The address that it listens on.")
    ] = "127.0.0.1",
    path: Annotated[str, typer.Option(help="What to ask for.")] = "/healthz",
) -> None:
    """Ask a process of this machine whether it lives: the health check of a container.

    Exit status: 0 if it answers with 200, else 1 and a line that says what it answered instead.
    """
    from mailing.cli.health_question import ask

    ask(host, port, path)
