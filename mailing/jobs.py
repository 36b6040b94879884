"""Wake-ups for the worker, noted inside a transaction and sent after its commit.

A job says only "there may be work": the row is the truth, so a job that is lost, late or doubled does no
harm, and one noted in a transaction that rolls back is forgotten. The edge that owns the queue registers
itself with `send_through`; without one (a script, a test) jobs go nowhere and the sweep finds the rows.

A queue that refuses a job is never raised: the row stays, and whoever looks after the rows finds it. That the queue
refuses is logged as one outage, however many jobs it refuses.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from mailing.db.unit_of_work import after_commit
from mailing.metrics.jobs import SENT
from mailing.outage import Outage


@dataclass(frozen=True, slots=True)
class Job:
    """`name` is `noun.verb`, as the actor that does it is called. `delay` is at most a minute."""

    name: str
    mailing_id: int
    delay: timedelta = timedelta()


Send = Callable[[Job], Awaitable[None]]

_send: Send | None = None
_otherwise: Send | None = None
_outage = Outage("job.not_sent")


def send_through(send: Send | None, *, otherwise: Send | None = None) -> None:
    """Make `send` this process's way to the queue. `otherwise` is given what the queue refuses, and must not raise."""
    global _send, _otherwise, _outage  # one queue a process, set by its composition root
    _send, _otherwise, _outage = send, otherwise, Outage("job.not_sent")


async def enqueue(job: Job) -> None:
    """Note `job` for after the commit, or send it at once outside a unit of work."""

    async def send() -> None:
        await try_send(job)

    await after_commit(send)


async def try_send(job: Job) -> bool:
    """Send `job` now; tells whether the queue has it."""
    if _send is None:
        return False
    try:
        await _send(job)
    except Exception as e:
        SENT.labels(job.name, "refused").inc()
        _outage.met(e, job=job.name, mailing_id=job.mailing_id)
        if _otherwise is not None:
            await _otherwise(job)
        return False
    _outage.over()
    SENT.labels(job.name, "sent").inc()
    return True
