"""Finds the mailings that will miss their end."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from mailing.delivery.breaker import BreakerState
from mailing.delivery.channel_health import read_channel
from mailing.mailings.queries import database_time
from mailing.reports import risk_queries
from mailing.reports.figures import MailingAtRisk
from mailing.reports.risk import Candidate, Conditions, judge

SOON = timedelta(days=1)
"""A mailing that ends within this time is in the report: until the next one."""
FAR = timedelta(days=31)
"""Who asks for a mailing is told nothing of one that ends later than this: until then much will change."""


async def mailings_at_risk(now: datetime, *, is_held: bool) -> tuple[MailingAtRisk, ...]:
    """All that end soon and will not be done by then, the one that ends first first."""
    conditions = Conditions(now, await risk_queries.best_rate(now), is_held)
    return await _judged(await risk_queries.mailings_that_end_soon(now, SOON), conditions)


async def risks_of(mailing_ids: Collection[int]) -> dict[int, MailingAtRisk]:
    """Those of these mailings that will not be done by their end, as of now: the others are left out.

    Costs four statements whatever the number, some milliseconds together.
    """
    now = await database_time()
    candidates = await risk_queries.candidates_among(mailing_ids, now, FAR)
    if not candidates:
        return {}
    is_held = (await read_channel()).state is not BreakerState.CLOSED
    conditions = Conditions(now, await risk_queries.best_rate(now), is_held)
    return {mailing.id: mailing for mailing in await _judged(candidates, conditions)}


async def _judged(candidates: Sequence[Candidate], conditions: Conditions) -> tuple[MailingAtRisk, ...]:
    # In a thread: a thousand of them in all zones take seconds, and whoever asks has other things to do.
    return await asyncio.to_thread(_judge_all, candidates, conditions)


def _judge_all(candidates: Sequence[Candidate], conditions: Conditions) -> tuple[MailingAtRisk, ...]:
    judged = (judge(mailing, conditions) for mailing in candidates)
    return tuple(mailing for mailing in judged if mailing is not None)
