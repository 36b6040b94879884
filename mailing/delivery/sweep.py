"""Looks after everything, every second. It alone makes the service survive: a kill anywhere, a lost queue, a lost
wake-up. Harmless when several run at once, for every step is a conditional update.
"""

import time
from collections.abc import Awaitable, Callable

import structlog

from mailing.clients.audience_queries import settle_counts
from mailing.delivery.channel_queries import forget_old_provider_tallies, probe_is_due
from mailing.delivery.ending import expire, finish_if_done
from mailing.delivery.ending_queries import mailings_past_their_end, mailings_that_may_be_done
from mailing.delivery.one_by_one import one_by_one
from mailing.delivery.removal_queries import forget_old_tallies
from mailing.delivery.rescue import rescue_expired
from mailing.delivery.start import start_due
from mailing.delivery.sweep_failures import database, tell_failure
from mailing.delivery.wake_queries import (
    forget_pump_wake_ups,
    forget_wake_ups,
    wake_pumps,
    wake_removals,
    wake_selections,
)
from mailing.history.day_queries import sum_up_quarters
from mailing.jobs import Job, try_send
from mailing.metrics import sweeping
from mailing.reports.queries import forget_old_report_tallies
from mailing.sessions.service import forget_expired_sessions
from mailing.settings import Settings

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Most mailings, or wake-ups, that one step of one sweep deals with; the rest has its turn a second later."""

SLOW_AT_INTERVALS = 5
"""A round that takes longer than this many intervals is worth a line: what should come every second comes late."""

STEPS_OF_COUNTS = 5
"""Transactions in which one sweep settles counters of clients: more are waiting only after a large import."""

Step = Callable[[], Awaitable[object]]


async def sweep(settings: Settings) -> None:
    """One round. A step that fails is logged and does not keep the others from their turn."""
    began = time.monotonic()
    took = {name: await _take(name, step) for name, step in _steps(settings)}
    if not database.was_met_since(began):
        database.over()
        sweeping.LAST_ROUND.set_to_current_time()
    seconds = time.monotonic() - began
    sweeping.ROUND_SECONDS.observe(seconds)
    if seconds > SLOW_AT_INTERVALS * settings.sweep_interval_seconds:
        slowest = max(took, key=lambda name: took[name])
        log.warning("sweep.slow", seconds=round(seconds, 1), slowest_step=slowest)


async def tidy_up() -> None:
    """What can wait for a minute."""
    await _take("forget_old_tallies", forget_old_tallies)
    await _take("forget_old_provider_tallies", forget_old_provider_tallies)
    await _take("sum_up_quarters", sum_up_quarters)
    await _take("forget_old_report_tallies", forget_old_report_tallies)
    await _take("forget_expired_sessions", forget_expired_sessions)


def _steps(settings: Settings) -> list[tuple[str, Step]]:
    return [
        ("start_due", lambda: start_due(settings.pump_slots, AT_ONCE)),
        ("expire_overdue", _expire_overdue),
        ("rescue_expired", lambda: rescue_expired(settings.crash_limit, settings.retry_max_attempts)),
        ("wake_workers", _wake_workers),
        ("finish_done", _finish_done),
        ("settle_client_counts", lambda: settle_counts(STEPS_OF_COUNTS)),
    ]


async def _take(name: str, step: Step) -> float:
    """Take a step, telling of its failure; how many seconds it took."""
    began = time.monotonic()
    try:
        await step()
    except Exception as e:
        tell_failure(e, step=name)
    return time.monotonic() - began


async def _expire_overdue() -> None:
    await one_by_one("expire_overdue", await mailings_past_their_end(AT_ONCE), expire)


async def _finish_done() -> None:
    await one_by_one("finish_done", await mailings_that_may_be_done(AT_ONCE), finish_if_done)


async def _wake_workers() -> None:
    await _send("mailing.start", await wake_selections(AT_ONCE), otherwise=forget_wake_ups)
    await _send("mailing.pump", await wake_senders(AT_ONCE), otherwise=forget_pump_wake_ups)
    await _send("mailing.remove", await wake_removals(AT_ONCE), otherwise=forget_wake_ups)


async def wake_senders(limit: int) -> list[int]:
    """At most `limit` mailings whose pumps are worth waking.

    Where the provider fails, that is one when a probe is due, and none before. Which one is left to chance: messages
    that the provider cannot digest, and that would be the most urgent ones, do not keep the channel shut for all
    others.
    """
    probe = await probe_is_due()
    if probe is None:
        return await wake_pumps(limit)
    return await wake_pumps(min(1, limit), by_chance=True) if probe else []


async def _send(name: str, mailing_ids: list[int], *, otherwise: Callable[[list[int]], Awaitable[None]]) -> None:
    """Send a wake-up to each. One that the queue refuses is forgotten: a worker that looks itself is to find it."""
    refused = [mailing_id for mailing_id in mailing_ids if not await try_send(Job(name, mailing_id))]
    if refused:
        await otherwise(refused)
