"""How soon steering is in force: what reached the provider after the API had answered."""

import asyncio
import time
from dataclasses import dataclass

from bench.api import ApiClient, RefusedError
from bench.figures import Figure, at_most
from bench.provider import ProviderLedger

_QUIET_SECONDS = 2.0
"""So long nothing may arrive before it counts as the last; longer than the aim allows."""
_LONGEST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Stopped:
    """What came after a pause or a cancellation had been answered."""

    verb: str
    answer_seconds: float
    """How long the API took to answer."""
    last_seconds: float
    """From the answer to the last request at the provider; 0 if none came after it."""
    requests: int

    def figures(self, in_flight: int) -> list[Figure]:
        return [
            Figure(f"{self.verb}: answered", self.answer_seconds, "s"),
            Figure("  last request at the provider after it", self.last_seconds, "s", at_most(1)),
            Figure("  requests after it", self.requests, "", at_most(in_flight)),
        ]


async def stop(verb: str, api: ApiClient, ledger: ProviderLedger, mailing_id: int) -> Stopped | None:
    """Pause or cancel a mailing in full flight and watch until nothing comes any more; None if it is over."""
    before = (await ledger.totals()).accepted
    began = time.time()
    try:
        await api.steer(verb, mailing_id)
    except RefusedError:
        return None
    answered_at = time.time()
    await _quiet(ledger)
    after = [moment for moment in await ledger.arrivals(after=before) if moment > answered_at]
    return Stopped(verb, answered_at - began, after[-1] - answered_at if after else 0, len(after))


async def resume(api: ApiClient, ledger: ProviderLedger, mailing_id: int) -> float | None:
    """Seconds from the answer to the first request at the provider; None if the mailing is over."""
    before = (await ledger.totals()).accepted
    try:
        await api.steer("Resume", mailing_id)
    except RefusedError:
        return None
    answered_at = time.time()
    gives_up_at = answered_at + _LONGEST_SECONDS
    while time.time() < gives_up_at:
        if arrivals := await ledger.arrivals(after=before, limit=1):
            return max(0.0, arrivals[0] - answered_at)
        await asyncio.sleep(0.05)
    return _LONGEST_SECONDS


async def _quiet(ledger: ProviderLedger) -> None:
    """Wait until nothing has arrived for a while, or for good reason never will be quiet."""
    gives_up_at = time.monotonic() + _LONGEST_SECONDS
    seen, since = (await ledger.totals()).requests, time.monotonic()
    while time.monotonic() < min(since + _QUIET_SECONDS, gives_up_at):
        await asyncio.sleep(0.1)
        if (now := (await ledger.totals()).requests) != seen:
            seen, since = now, time.monotonic()
