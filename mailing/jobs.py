"""Wake-ups for the worker, noted inside a transaction and sent after its commit.

A job says only "there may be work": the row is the truth, so a job that is lost, late or doubled does no
harm, and one noted in a transaction that rolls back is forgotten. The edge that owns the queue registers
itself with `send_through`; without one (a script, a test) jobs go nowhere and the sweep finds the rows.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from mailing.db.unit_of_work import after_commit

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """`name` is `noun.verb`, as the actor that does it is called. `delay` is at most a minute."""

    name: str
    mailing_id: int
    delay: timedelta = timedelta()


Send = Callable[[Job], Awaitable[None]]

_send: Send | None = None


def send_through(send: Send | None) -> None:
    """Make `send` this process's way to the queue."""
    global _send  # noqa: PLW0603  # one queue a process, set by its composition root
    _send = send


async def enqueue(job: Job) -> None:
    """Note `job` for after the commit, or send it at once outside a unit of work.

    A queue that refuses it is logged, never raised: the sweep finds the row.
    """

    async def send() -> None:
        if _send is None:
            return
        try:
            await _send(job)
        except Exception as e:
            log.warning("job.not_sent", job=job.name, mailing_id=job.mailing_id, error=repr(e))

    await after_commit(send)
