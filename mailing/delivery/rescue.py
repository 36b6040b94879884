"""Takes back what a worker held when it fell silent: killed, cut off from the database, or stopped for too long."""

from datetime import UTC, datetime
from functools import partial

import structlog

from mailing.db.unit_of_work import unit_of_work
from mailing.delivery import journal
from mailing.delivery.one_by_one import one_by_one
from mailing.delivery.rescue_queries import free_slot, lock_expired_slot, take_back, tell_of_rescue
from mailing.delivery.slot_queries import expired_tokens
from mailing.metrics import sweeping
from mailing.progress.announce import announce_after_commit

log = structlog.get_logger(__name__)

TOKENS_AT_ONCE = 100


async def rescue_expired(crash_limit: int, max_attempts: int) -> int:
    """Take back the messages of every lease that has ended, and free the slots. Tells how many messages."""
    tokens = await expired_tokens(TOKENS_AT_ONCE)
    rescue = partial(_rescue, crash_limit, max_attempts)
    return sum(await one_by_one("rescue_expired", tokens, rescue, id_name="token"))


async def _rescue(crash_limit: int, max_attempts: int, token: int) -> int:
    """One lease, in one transaction. It may have been renewed or rescued meanwhile: then nothing happens."""
    async with unit_of_work():
        slot = await lock_expired_slot(token)
        if slot is None:
            return 0
        taken_back = await take_back(slot.mailing_id, token, crash_limit, max_attempts)
        if taken_back:
            await tell_of_rescue(slot.mailing_id, token, len(taken_back))
        at = datetime.now(UTC)
        await free_slot(token)
        await announce_after_commit(slot.mailing_id)
    sweeping.taken_back(len(taken_back))
    log.warning("rescue.lease_expired", mailing_id=slot.mailing_id, messages=len(taken_back), silent_worker=slot.worker)
    for status in sorted({message.status for message in taken_back}):
        of_status = [(message.client_id, message.id) for message in taken_back if message.status is status]
        await journal.taken_back(slot.mailing_id, of_status, status, at)
    return len(taken_back)
