"""`mailing worker`."""

import sys

from mailing.cli.connection import settings_for
from mailing.cli.options import DEFAULT_DATA_DIR, DataDir
from mailing.cli.preconditions import check_metrics_port_is_free


def command(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Send messages, until SIGTERM."""
    settings = settings_for(data_dir, redis=True, provider=True)
    check_metrics_port_is_free(settings)
    from mailing.logging import configure_logging
    from mailing.tracing import configure_tracing
    from tasks.worker import run

    configure_logging(settings, process="worker")
    configure_tracing("worker")
    sys.exit(run(settings))
