"""The service end to end: from a mailing's start to its last message."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.machine import CpuTimes, cpu_times
from bench.queries import MEASURED_TAG, sending_times
from bench.selection import mailing_to
from bench.site import Site
from bench.statements import StatementClass, forget_statements, read_statements
from mailing.mailings.service import create_mailing
from mailing.models.mailing import MailingStatus
from mailing.progress.queries import read_progress
from mailing.progress.snapshot import MailingProgress

LONGEST_SECONDS = 60
"""A run that takes longer is given up, and counts as one that lost messages."""

_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class DeliveryRun:
    """One mailing. `seconds` are from its start to the moment at which its last message was SENT."""

    messages: int
    sent: int
    accepted: int
    repeated: int
    seconds: float
    first_request_seconds: float
    """From its start to the first request that reached the provider."""
    cpu: CpuTimes
    statements: dict[str, StatementClass]

    @property
    def per_second(self) -> float:
        return self.sent / self.seconds

    @property
    def problems(self) -> list[str]:
        """Unless every message is SENT, and the provider has each of them once."""
        if self.sent == self.accepted == self.messages and self.repeated == 0:
            return []
        return [
            f"{self.messages} messages: {self.sent} SENT, {self.accepted} at the provider, {self.repeated} repeated"
        ]


async def measure_delivery(site: Site, messages: int, text: str, advance: Callable[[int], None]) -> DeliveryRun:
    """Send one mailing to `messages` clients. `advance` is told how many are done, now and then."""
    await site.ledger.forget()
    await forget_statements()
    before = cpu_times(site.processes())
    mailing = await create_mailing(mailing_to((MEASURED_TAG,), text))
    progress = await _end_of(mailing.id, advance)
    cpu, statements = cpu_times(site.processes()).since(before), await read_statements()
    if progress.sent == 0:
        raise RuntimeError(f"not one message was sent within {LONGEST_SECONDS} s")
    totals = await site.ledger.totals()
    starts_at, seconds = await sending_times(mailing.id)
    return DeliveryRun(
        messages,
        progress.sent,
        totals.accepted,
        totals.repeated,
        seconds,
        await site.ledger.first_arrival() - starts_at,
        cpu,
        statements,
    )


async def _end_of(mailing_id: int, advance: Callable[[int], None]) -> MailingProgress:
    gives_up_at = time.monotonic() + LONGEST_SECONDS
    while True:
        progress = (await read_progress([mailing_id]))[mailing_id]
        advance(progress.total - progress.pending - progress.sending)
        if progress.status is MailingStatus.FINISHED or time.monotonic() > gives_up_at:
            return progress
        await asyncio.sleep(_LOOK_SECONDS)
