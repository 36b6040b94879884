"""How well a mailing's limit is kept: by four worker processes, and by the provider's own clock."""

import asyncio
import time
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from bench.api import ApiClient, RefusedError
from bench.figures import Figure, Section, at_least, at_most
from bench.queries import MEASURED_TAG
from bench.run import TEXT, Run

PROCESSES = 4
LIMIT = 1_000
CHANGED_LIMIT = 500
BURST = 0.1
"""Stated with the limit: so much more may fall into one second."""

_SECOND = 1 - 1e-6
"""Short of one by what floating point may add to an even pace."""
_BEFORE_SECONDS = 6.0
_AFTER_SECONDS = 4.0

_REMARK = (
    "Windows are all those of one second that begin with a request, by the provider's clock. The share counts from a "
    "second after the first request. A new limit is in force once no window holds more than it allows."
)


@dataclass(frozen=True, slots=True)
class RateRun:
    """One mailing whose limit was changed while it ran."""

    most_in_a_second: int
    share_used: float
    most_after_change: int
    """In a window that begins a second after the change or later."""
    share_after_change: float
    in_force_seconds: float
    """From the answer to the change until the new limit was kept."""


async def measure_rate(run: Run) -> Section:
    """Start workers until there are four, and send with a limit that is lowered on the way."""
    if (missing := PROCESSES - len(run.site.workers)) > 0:
        run.site.add_workers(missing)
    advance = run.screen.step("Limited rate", round(_BEFORE_SECONDS + _AFTER_SECONDS))
    ledger = run.site.ledger
    await ledger.forget()
    async with ApiClient(run.site.api_url) as api:
        mailing_id = await api.create_mailing(TEXT, [MEASURED_TAG], LIMIT)
        await asyncio.sleep(_BEFORE_SECONDS)
        advance(round(_BEFORE_SECONDS))
        with suppress(RefusedError):  # Without a limit in force it is over by now, which the figures say.
            await api.steer("Update", mailing_id, maxRate=CHANGED_LIMIT)
        changed_at = time.time()
        await asyncio.sleep(_AFTER_SECONDS)
        advance(round(_BEFORE_SECONDS + _AFTER_SECONDS))
        ended_at = time.time()
        arrivals = await ledger.arrivals()
        with suppress(RefusedError):
            await api.steer("Cancel", mailing_id)
    return _section(judge(arrivals, changed_at, ended_at))


def judge(arrivals: Sequence[float], changed_at: float, ended_at: float) -> RateRun:
    """What the moments of arrival, in their order, say about both limits."""
    began = arrivals[0] + 1
    before = arrivals[: bisect_left(arrivals, changed_at)]
    # A window that holds the change holds requests that were right when they left.
    too_full = [start for start, held in windows(arrivals) if start > changed_at and held > CHANGED_LIMIT * (1 + BURST)]
    in_force = max(0.0, too_full[-1] - changed_at) if too_full else 0.0
    late = arrivals[bisect_left(arrivals, changed_at + 1) :]
    return RateRun(
        max((held for _, held in windows(before)), default=0),
        (len(before) - bisect_left(before, began)) / (LIMIT * max(changed_at - began, 1e-9)),
        max((held for _, held in windows(late)), default=0),
        len(late) / (CHANGED_LIMIT * max(ended_at - changed_at - 1, 1e-9)),
        in_force,
    )


def windows(arrivals: Sequence[float]) -> list[tuple[float, int]]:
    """For each arrival: when, and how many came in the second that begins with it."""
    return [(moment, bisect_left(arrivals, moment + _SECOND) - place) for place, moment in enumerate(arrivals)]


def _section(measured: RateRun) -> Section:
    return Section(
        "rate",
        f"A mailing limited to {LIMIT:,} messages a second, {PROCESSES} workers",
        [
            Figure("most in any second", measured.most_in_a_second, "messages", at_most(LIMIT * (1 + BURST))),
            Figure("share of the limit used", measured.share_used, "", at_least(0.97)),
            Figure(f"changed to {CHANGED_LIMIT}: in force after", measured.in_force_seconds, "s", at_most(1)),
            Figure(
                "  most in any second", measured.most_after_change, "messages", at_most(CHANGED_LIMIT * (1 + BURST))
            ),
            Figure("  share of it used", measured.share_after_change, "", at_least(0.97)),
        ],
        (),
        _REMARK,
        measured=asdict(measured),
    )
