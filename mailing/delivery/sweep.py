"""Looks after everything, every second. It alone makes the service survive: a kill anywhere, a lost queue, a lost
wake-up. Harmless when several run at once, for every step is a conditional update.
"""

from collections.abc import Awaitable, Callable

import structlog

from mailing.delivery.ending import expire, finish_if_done
from mailing.delivery.ending_queries import mailings_past_their_end, mailings_that_may_be_done
from mailing.delivery.one_by_one import one_by_one
from mailing.delivery.removal_queries import forget_old_tallies
from mailing.delivery.rescue import rescue_expired
from mailing.delivery.start import start_due
from mailing.delivery.wake_queries import wake_pumps, wake_removals, wake_selections
from mailing.jobs import Job, enqueue
from mailing.settings import Settings

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Most mailings, or wake-ups, that one step of one sweep deals with; the rest has its turn a second later."""


async def sweep(settings: Settings) -> None:
    """One round. A step that fails is logged and does not keep the others from their turn."""
    steps: list[Callable[[], Awaitable[object]]] = [
        lambda: start_due(settings.pump_slots, AT_ONCE),
        _expire_overdue,
        lambda: rescue_expired(settings.crash_limit),
        _wake_workers,
        _finish_done,
    ]
    for step in steps:
        try:
            await step()
        except Exception as e:
            log.error("sweep.step_failed", step=getattr(step, "__name__", ""), error=repr(e))


async def tidy_up() -> None:
    """What can wait for a minute."""
    await forget_old_tallies()


async def _expire_overdue() -> None:
    await one_by_one(await mailings_past_their_end(AT_ONCE), expire)


async def _finish_done() -> None:
    await one_by_one(await mailings_that_may_be_done(AT_ONCE), finish_if_done)


async def _wake_workers() -> None:
    for mailing_id in await wake_selections(AT_ONCE):
        await enqueue(Job("mailing.start", mailing_id))
    for mailing_id in await wake_pumps(AT_ONCE):
        await enqueue(Job("mailing.pump", mailing_id))
    for mailing_id in await wake_removals(AT_ONCE):
        await enqueue(Job("mailing.remove", mailing_id))
