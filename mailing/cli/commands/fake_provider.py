"""`mailing fake-provider`."""

from typing import Annotated

import typer

from mailing.cli.failure import CommandError
from mailing.cli.options import Host, Port
from mailing.cli.preconditions import check_port_is_free


def command(
    host: Host = "127.0.0.1",
    port: Port = 9000,
    scenario: Annotated[
        str, typer.Option(help="How it behaves, as JSON; PUT /_scenario changes it while it runs.")
    ] = "{}",
) -> None:
    """Stand in for the SMS provider: takes every message, sends none, and keeps a ledger (GET /_ledger)."""
    from mailing.provider.fake import ScenarioError, run, scenario_from_json

    check_port_is_free(host, port)
    try:
        wanted = scenario_from_json(scenario.encode())
    except ScenarioError as e:
        raise CommandError("\n".join(f"--scenario: {name} {rule}" for name, rule in e.problems.items())) from e
    run(host, port, wanted)
