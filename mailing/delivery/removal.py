"""Removes deleted mailings with everything that belongs to them, in bounded steps."""

from datetime import timedelta

from mailing.db.locks import lock_mailing_structure
from mailing.db.unit_of_work import unit_of_work
from mailing.delivery import removal_queries as queries
from mailing.delivery.milestones import log_milestone
from mailing.jobs import Job, enqueue

MESSAGES_A_STEP = 5_000

_WAIT_FOR_PUMPS = timedelta(seconds=0.5)


async def remove_deleted(mailing_id: int) -> None:
    """Remove what is left of a deleted mailing. A crash between two steps leaves the rest for the next wake-up."""
    if not await queries.is_deleted(mailing_id):
        return
    if await queries.has_pumps(mailing_id):
        # They have seen the end and write their last results; attempts written meanwhile would be left behind.
        await enqueue(Job("mailing.remove", mailing_id, delay=_WAIT_FOR_PUMPS))
        return
    while await queries.remove_messages(mailing_id, MESSAGES_A_STEP):
        pass
    await _remove_mailing(mailing_id)


async def _remove_mailing(mailing_id: int) -> None:
    """Last of all the mailing itself: by one of those who may be removing it at the same time."""
    async with unit_of_work():
        await lock_mailing_structure(mailing_id)
        if await queries.is_deleted(mailing_id):
            await queries.remove_mailing(mailing_id)
            await log_milestone("mailing.removed", mailing_id)
