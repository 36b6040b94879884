"""How failures in the sweep are told: a database that is away once for all that it fails, a bug with its traceback."""

import structlog

from mailing.db.orm import DATABASE_ERRORS
from mailing.metrics.sweeping import FAILURES
from mailing.outage import Outage

log = structlog.get_logger(__name__)

database = Outage("sweep.database_failed")
"""Lasts until a whole round has met no error of the database."""


def tell_failure(error: Exception, *, step: str, **fields: object) -> None:
    """`fields` say whom the step was dealing with. Raises CancelledError where the sweep is being cancelled."""
    FAILURES.labels(step).inc()
    if isinstance(error, DATABASE_ERRORS):
        database.met(error, step=step, **fields)
    else:
        log.error("sweep.step_failed", step=step, exc_info=error, **fields)
