"""What is told of a job: that it begins, and how it ended."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger(__name__)


@contextmanager
def told() -> Iterator[None]:
    """Tell of the job that runs in the block. Which it is, and what it arises from, is bound already."""
    began = time.monotonic()
    outcome = "broken off"
    log.info("job.begun")
    try:
        yield
        outcome = "done"
    except Exception:
        outcome = "failed"
        raise
    finally:
        log.info("job.ended", outcome=outcome, duration_ms=round((time.monotonic() - began) * 1000))
