"""How a mailing ends: closed when its time is over or it is cancelled, finished when everything is accounted for."""

from mailing.db.locks import try_lock_mailing_structure
from mailing.db.unit_of_work import unit_of_work
from mailing.delivery.ending_queries import mark_closed, mark_finished
from mailing.delivery.milestones import log_milestone
from mailing.models.message import MessageStatus
from mailing.progress.announce import announce_after_commit


async def expire(mailing_id: int) -> None:
    """Close a mailing whose end has come. What is in flight may still end SENT; nothing new leaves.

    Does nothing while its audience is being changed: it waits for no one, so that no mailing holds up the others
    of a sweep. The next sweep closes it; pumps stop at its end by themselves.
    """
    async with unit_of_work():
        if await try_lock_mailing_structure(mailing_id) and await close(mailing_id, MessageStatus.EXPIRED):
            await log_milestone("mailing.expired", mailing_id)
            await finish(mailing_id)
            await announce_after_commit(mailing_id)


async def close(mailing_id: int, closed_as: MessageStatus) -> bool:
    """Let nothing more of a mailing be sent: what still waits is `closed_as`. False if it was closed before.

    For a unit of work that holds the mailing's structure lock; how the mailing goes on is the caller's to write.
    """
    return await mark_closed(mailing_id, closed_as)


async def finish_if_done(mailing_id: int) -> None:
    """Finish a mailing of which nothing is pending or being sent; otherwise, or while it is busy, do nothing."""
    async with unit_of_work():
        if await try_lock_mailing_structure(mailing_id) and await finish(mailing_id):
            await announce_after_commit(mailing_id)


async def finish(mailing_id: int) -> bool:
    """`finish_if_done` inside a unit of work that holds the structure lock; tells whether it has finished."""
    finished = await mark_finished(mailing_id)
    if finished:
        await log_milestone("mailing.finished", mailing_id)
    return finished
