"""What `mailing doctor` does: find the settings, examine everything, show it."""

import asyncio
import os
import sys
from pathlib import Path
from typing import NoReturn

from mailing.cli.command_log import configure_command_log
from mailing.cli.connection import settings_for
from mailing.cli.failure import CommandError
from mailing.cli.findings import show, show_json
from mailing.health.environment import look_at_settings, told
from mailing.health.examination import examined
from mailing.health.finding import Finding, Level, problem, worst
from mailing.settings import Settings, SettingsError, load_settings


def run(data_dir: Path, *, as_json: bool) -> NoReturn:
    """Show what is found, and end this process at once, with 1 if there is a problem.

    Not in order: a name service that hangs holds on to the thread that asked it, and that would be waited for.
    """
    findings = _findings(data_dir)
    (show_json if as_json else show)(findings)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1 if worst(findings) is Level.PROBLEM else 0)


def _findings(data_dir: Path) -> list[Finding]:
    try:
        settings, of_settings = _settings(data_dir)
    except SettingsError as e:
        return told(e, os.environ)  # Nothing is known of where the rest might be.
    configure_command_log(settings, "doctor")
    # Never closed: that waits for threads, too.
    return [*of_settings, *asyncio.Runner().run(examined(settings, data_dir))]


def _settings(data_dir: Path) -> tuple[Settings, list[Finding]]:
    """Those that the other commands would use; where these would refuse to start, what the environment has of them."""
    own = load_settings()
    of_settings = look_at_settings(own, os.environ)
    try:
        return settings_for(data_dir, redis=True, provider=True), of_settings
    except CommandError as e:
        missing = problem("settings", f"{e}.", "Nothing starts before that; what follows is what could be looked at.")
        return own, [*(one for one in of_settings if one.level is not Level.OK), missing]
