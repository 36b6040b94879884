"""Puts jobs of `mailing.jobs` on the queue, from any process."""

import asyncio
from datetime import timedelta

import dramatiq

from mailing.jobs import Job, Send
from tasks.broker import QUEUE

_LONGEST_DELAY = timedelta(minutes=1)
_LONGEST_WAIT_SECONDS = 1.0


def through(broker: dramatiq.Broker) -> Send:
    """A way to the queue for `mailing.jobs.send_through`. Actors are called by name: the sender need not have them."""

    async def send(job: Job) -> None:
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=QUEUE, actor_name=job.name, args=(job.mailing_id,), kwargs={}, options={}
        )
        # Delayed messages live in the memory of a worker: only near ones are worth it.
        delay = min(job.delay, _LONGEST_DELAY)
        # Dramatiq talks to Redis over a blocking socket. Whoever waits here has committed already: a queue that does
        # not answer must not hold them up, for the sweep will find the row.
        async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
            await asyncio.to_thread(broker.enqueue, message, delay=delay // timedelta(milliseconds=1) or None)

    return send
