"""Logging of commands that a person may be watching."""

import sys

from mailing.logging import configure_logging
from mailing.settings import Settings


def configure_command_log(settings: Settings, process: str) -> None:
    """As everywhere, but on a terminal only warnings: there the screen shows what happens."""
    quiet = sys.stderr.isatty() and settings.log_file is None
    configure_logging(settings.model_copy(update={"log_level": "WARNING"}) if quiet else settings, process=process)
