"""The night's work: what has been over for long enough loses its messages. Any number of schedulers may do it."""

import asyncio
import time
from typing import Final

import structlog

from mailing.delivery.sweep_failures import tell_failure
from mailing.delivery.wake_queries import count_mailings_due
from mailing.mailings.queries import database_time
from mailing.metrics import retention as metrics
from mailing.retention.pace import rest_after
from mailing.retention.period import Retention
from mailing.retention.remover import Remover, Step
from mailing.settings import Settings

log = structlog.get_logger(__name__)

ROUND_SECONDS: Final = 45.0
"""So long one round works at most; there is one a minute, and what is left has its turn with the next."""


async def remove_due(settings: Settings) -> None:
    """One round, to be made every minute: remove what is due. A failure is told, never raised.

    A process that ends in the middle leaves whole steps behind, and the rest to the next round, whoever makes it.
    """
    try:
        await _remove_due(Retention.of(settings))
    except Exception as e:
        tell_failure(e, step="retention")


async def _remove_due(retention: Retention | None) -> None:
    if retention is None:
        remover = Remover(ended_before=None)  # What was begun while it was set is not left half done.
    else:
        remover = Remover(retention.ended_before(await database_time()), retention.days)
    is_done = await _work(remover)
    if remover.messages or remover.mailings:
        log.info(
            "retention.round_done",
            messages=remover.messages,
            attempts=remover.attempts,
            mailings=remover.mailings,
            more_to_come=not is_done,
        )
    if is_done and retention is not None:
        metrics.LAST_DONE.set_to_current_time()


async def _work(remover: Remover) -> bool:
    """Until nothing is left, which is True, or the time is over, or somebody else is at it."""
    ends_at = time.monotonic() + ROUND_SECONDS
    while time.monotonic() < ends_at:
        messages, attempts = remover.messages, remover.attempts
        step = await remover.step()
        if step is not Step.TAKEN:
            return step is Step.NOTHING_LEFT
        metrics.MESSAGES.inc(remover.messages - messages)
        metrics.ATTEMPTS.inc(remover.attempts - attempts)
        await asyncio.sleep(rest_after(remover.seconds, is_sending=bool(await count_mailings_due())))
    return False
