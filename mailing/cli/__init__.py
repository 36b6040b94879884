"""The command line program `mailing`: a table of contents; `commands/` has one file for each.

Every command imports what it needs when it runs, so that `--help` is quick and `schema` needs no database.
"""

import sys

import typer

from mailing.cli.commands import (
    api,
    demo,
    doctor,
    fake_provider,
    import_,
    logs,
    migrate,
    prune,
    report,
    scheduler,
    schema,
    token,
    up,
    worker,
)
from mailing.cli.failure import CommandError
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
app.command("api")(api.command)
app.command("worker")(worker.command)
app.command("scheduler")(scheduler.command)
app.command("migrate")(migrate.command)
app.command("schema")(schema.command)
app.command("fake-provider")(fake_provider.command)


def main() -> None:
    """Run the command; what a person can put right is a line on stderr and exit status 1, never a traceback."""
    try:
        app()
    except Exception as e:
        from mailing.settings import SettingsError

        if not isinstance(e, CommandError | EmbeddedError | SettingsError):
            raise
        for line in str(e).splitlines():
            print(f"mailing: {line}", file=sys.stderr)
        sys.exit(1)
