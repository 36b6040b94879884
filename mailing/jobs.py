"""Wake-ups for the worker, noted inside a transaction and sent after its commit.

A job says only "there may be work": the row is the truth, so a job that is lost, late or doubled does no
harm, and one noted in a transaction that rolls back is forgotten. The edge that owns the queue registers
itself with `send_through`; without one (a script, a test) jobs go nowhere and the sweep finds the rows.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """`name` is `noun.verb`, as the actor that does it is called. `delay` is at most a minute."""

    name: str
    mailing_id: int
    delay: timedelta = timedelta()


Send = Callable[[Sequence[Job]], Awaitable[None]]

_noted: ContextVar[list[Job] | None] = ContextVar("noted_jobs", default=None)
_send: Send | None = None


def send_through(send: Send | None) -> None:
    """Make `send` this process's way to the queue."""
    global _send  # noqa: PLW0603  # one queue a process, set by its composition root
    _send = send


async def enqueue(job: Job) -> None:
    """Note `job` for after the commit, or send it at once outside a transaction."""
    noted = _noted.get()
    if noted is None:
        await send([job])
    else:
        noted.append(job)


async def send(jobs: Sequence[Job]) -> None:
    """Hand jobs to the queue. A queue that refuses them is logged, never raised: the sweep finds the rows."""
    if not jobs or _send is None:
        return
    try:
        await _send(jobs)
    except Exception as e:
        log.warning("jobs.not_sent", jobs=[job.name for job in jobs], error=repr(e))
