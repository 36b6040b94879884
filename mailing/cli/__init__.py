"""The command line program `mailing`: a table of contents; `commands/` has one file for each.

Every command imports what it needs when it runs, so that `--help` is quick and `schema` needs no database.
"""

import sys
from typing import Annotated

import typer

from mailing.cli.commands import (
    api,
    demo,
    doctor,
    fake_provider,
    healthy,
    import_,
    logs,
    migrate,
    prune,
    report,
    restored,
    scheduler,
    schema,
    token,
    up,
    worker,
)
from mailing.cli.failure import CommandError
from mailing.cli.first_process import heed_sigterm
from mailing.embedded.errors import EmbeddedError

app = typer.Typer(
    name="mailing",
    help="Texts a company's customers, loses nothing, and knows what happened to every message.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up")(up.command)
app.command("demo")(demo.command)
app.command("doctor")(doctor.command)
app.command("import")(import_.command)
app.command("logs")(logs.command)
app.add_typer(token.app, name="token")
app.command("prune")(prune.command)
app.command("report")(report.command)
app.command("restored")(restored.command)
app.command("api")(api.command)
app.command("worker")(worker.command)
app.command("scheduler")(scheduler.command)
app.command("migrate")(migrate.command)
app.command("schema")(schema.command)
app.command("fake-provider")(fake_provider.command)
app.command("healthy")(healthy.command)


def _show_version(wanted: bool) -> None:
    if wanted:
        from mailing.version import version

        print(f"mailing {version()}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Without this, an option could stand only after a command."""


def main() -> None:
    """Run the command; what a person can put right is a line on stderr and exit status 1, never a traceback."""
    heed_sigterm()
    try:
        app()
    except Exception as e:
        from mailing.settings import SettingsError

        if not isinstance(e, CommandError | EmbeddedError | SettingsError):
            raise
        for line in str(e).splitlines():
            print(f"mailing: {line}", file=sys.stderr)
        sys.exit(1)
