"""Puts jobs of `mailing.jobs` on the queue, from any process."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import dramatiq
import structlog

from mailing.jobs import Job, Send
from mailing.origin import current
from tasks.broker import QUEUES

ORIGIN = "origin"
"""The option of a message that says what its job arises from."""

_LONGEST_DELAY = timedelta(minutes=1)
_LONGEST_WAIT_SECONDS = 1.0
_LEAVE_ALONE_SECONDS = 5.0
"""After a failure: a sweep that waited for each of its hundreds of wake-ups would let nothing end for minutes."""


log = structlog.get_logger(__name__)


class QueueAwayError(Exception):
    """Raised when a job was not even tried, because the queue has just failed."""


def through(broker: dramatiq.Broker) -> Send:
    """A way to the queue for `mailing.jobs.send_through`. Actors are called by name: the sender need not have them."""

    left_alone_until = 0.0

    async def send(job: Job) -> None:
        nonlocal left_alone_until
        if time.monotonic() < left_alone_until:
            raise QueueAwayError
        origin = current()
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=QUEUES[job.name],
            actor_name=job.name,
            args=(job.mailing_id,),
            kwargs={},
            options={ORIGIN: origin.as_data()} if origin else {},
        )
        # Delayed messages live in the memory of a worker: only near ones are worth it.
        delay_ms = min(job.delay, _LONGEST_DELAY) // timedelta(milliseconds=1) or None
        left_at = datetime.now(UTC)
        try:
            # Dramatiq talks to Redis over a blocking socket. Whoever waits here has committed already: a queue that
            # does not answer must not hold them up, for the sweep will find the row.
            async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
                await asyncio.to_thread(broker.enqueue, message, delay=delay_ms)
        except Exception:
            left_alone_until = time.monotonic() + _LEAVE_ALONE_SECONDS
            raise
        log.info("job.sent", timestamp=left_at, job=job.name, mailing_id=job.mailing_id, delay_ms=delay_ms)

    return send
