"""Takes back what a worker held when it fell silent: killed, cut off from the database, or stopped for too long."""

from functools import partial

import structlog

from mailing.db.unit_of_work import unit_of_work
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
        mailing_id = await lock_expired_slot(token)
        if mailing_id is None:
            return 0
        taken_back = await take_back(mailing_id, token, crash_limit, max_attempts)
        if taken_back:
            await tell_of_rescue(mailing_id, token, taken_back)
        await free_slot(token)
        await announce_after_commit(mailing_id)
    sweeping.taken_back(taken_back)
    log.warning("rescue.lease_expired", mailing_id=mailing_id, messages=taken_back)
    return taken_back
