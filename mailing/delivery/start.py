"""Starts mailings whose time has come."""

from functools import partial

from mailing.db.unit_of_work import unit_of_work
from mailing.delivery.milestones import log_milestone
from mailing.delivery.one_by_one import one_by_one
from mailing.delivery.selection import select_audience
from mailing.delivery.slot_queries import make_slots
from mailing.delivery.start_queries import mark_started, scheduled_and_due
from mailing.jobs import Job, enqueue
from mailing.metrics.committed import once_committed
from mailing.metrics.lives import START_LAG_SECONDS
from mailing.progress.announce import announce_after_commit


async def start(mailing_id: int, slots: int) -> None:
    """Start the mailing if it is due, and bring its audience in line with its filter. Safe to run at any time."""
    await start_if_due(mailing_id, slots)
    await select_audience(mailing_id)


async def start_due(slots: int, limit: int) -> int:
    """Start up to `limit` mailings that are due; selecting each audience is left to a worker. Tells how many."""
    start_one = partial(start_if_due, slots=slots, wake=True)
    return sum(await one_by_one("start_due", await scheduled_and_due(limit), start_one))


async def start_if_due(mailing_id: int, slots: int, *, wake: bool = False) -> bool:
    """SCHEDULED → RUNNING once starts_at has come, by whoever is first. With `wake`, tells a worker to select."""
    async with unit_of_work():
        lag = await mark_started(mailing_id)
        if lag is None:
            return False
        await make_slots(mailing_id, slots)
        if wake:
            await enqueue(Job("mailing.start", mailing_id))
        await log_milestone("mailing.started", mailing_id)
        await once_committed(partial(START_LAG_SECONDS.observe, lag.total_seconds()))
        await announce_after_commit(mailing_id)
    return True
