"""Removes deleted mailings with everything that belongs to them, in bounded steps."""

from mailing.delivery import removal_queries as queries

MESSAGES_A_STEP = 5_000


async def remove_deleted(mailing_id: int) -> None:
    """Remove what is left of a deleted mailing. A crash between two steps leaves the rest for the next wake-up."""
    if not await queries.is_deleted(mailing_id):
        return
    while await queries.remove_messages(mailing_id, MESSAGES_A_STEP):
        pass
    await queries.remove_mailing(mailing_id)
