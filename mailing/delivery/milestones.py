"""The milestones of a mailing in the log, one line each, so that its life can be read there afterwards."""

from datetime import UTC, datetime

import structlog

from mailing.db.unit_of_work import after_commit
from mailing.metrics import lives

log = structlog.get_logger(__name__)


async def log_milestone(event: str, mailing_id: int, **fields: object) -> None:
    """Log `event` when the current unit of work has committed, never if it rolls back, with the time before it."""
    at = datetime.now(UTC)

    async def say_so() -> None:
        lives.passed(event)
        log.info(event, timestamp=at, mailing_id=mailing_id, **fields)

    await after_commit(say_so)
