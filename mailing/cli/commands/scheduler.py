"""`mailing scheduler`."""

import sys

from mailing.cli.connection import settings_for
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir
from mailing.cli.preconditions import check_metrics_port_is_free


def command(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Start mailings on time and look after all of them, until SIGTERM. Any number may run."""
    settings = settings_for(data_dir, redis=True)
    check_metrics_port_is_free(settings)
    from mailing.logging import configure_logging
    from tasks.scheduler import run

    configure_logging(settings, process="scheduler")
    sys.exit(run(settings))
