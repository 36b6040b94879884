"""How a mailing ends: closed when its time is over or it is cancelled, finished when everything is accounted for."""

from mailing.db.locks import lock_mailing_structure
from mailing.db.unit_of_work import unit_of_work
from mailing.delivery.ending_queries import mark_closed, mark_finished
from mailing.models.message import MessageStatus
from mailing.progress.announce import announce_after_commit


async def expire(mailing_id: int) -> None:
    """Close a mailing whose end has come. What is in flight may still end SENT; nothing new leaves."""
    async with unit_of_work():
        await lock_mailing_structure(mailing_id)
        if await mark_closed(mailing_id, MessageStatus.EXPIRED):
            await mark_finished(mailing_id)
            await announce_after_commit(mailing_id)


async def finish_if_done(mailing_id: int) -> None:
    """Finish a mailing of which nothing is pending or being sent; otherwise do nothing."""
    async with unit_of_work():
        await lock_mailing_structure(mailing_id)
        if await mark_finished(mailing_id):
            await announce_after_commit(mailing_id)
