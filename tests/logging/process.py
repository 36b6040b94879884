"""A process that configures logging and logs: to configure the tests' own would be felt by every later test."""

import json
import subprocess
import sys
import textwrap
from typing import Any


def logged_by(script: str, **settings: object) -> list[dict[str, Any]]:
    """What it logs to standard error, as JSON."""
    return [json.loads(line) for line in said_by(script, **({"log_format": "json"} | settings)).splitlines()]


def said_by(script: str, **settings: object) -> str:
    """All that it writes to standard error."""
    setup = f"""
        import logging, structlog
        from mailing.logging import Each, configure_logging
        from mailing.settings import Settings
        settings = Settings(**{settings!r})
        configure_logging(settings, process="scheduler")
    """
    program = textwrap.dedent(setup) + textwrap.dedent(script)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    return done.stderr
