"""Rounds of sending, alone and beside the removal of old messages."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bench.figures import Figure, middle_of
from bench.latencies import Latencies
from mailing.delivery.claim_queries import claim, record
from mailing.delivery.messages import Claimed, Result
from mailing.delivery.slot_queries import Lease
from mailing.models.message import MessageStatus
from mailing.provider.protocol import Answer, Verdict
from mailing.retention.pace import rest_after
from mailing.retention.remover import Remover, Step

BATCH = 500
FLUSH = 100
"""Results that a pump writes at once."""
LEASE = timedelta(minutes=10)


@dataclass(slots=True)
class Manner:
    """One way to send, and what was measured of it; `rests` None: nobody removes anything meanwhile."""

    name: str
    rests: int | None = None
    """0: none; 1: those of the product."""
    sent: list[float] = field(default_factory=list)
    removed: list[float] = field(default_factory=list)
    claims: Latencies = field(default_factory=lambda: Latencies("  claim of 500"))
    writings: Latencies = field(default_factory=lambda: Latencies("  results of 100"))
    steps: Latencies = field(default_factory=lambda: Latencies("  one step"))

    async def round(self, lease: Lease, remover: Remover, seconds: float) -> None:
        """Send for so long, and remove beside it."""
        began, before, ends_at = time.perf_counter(), remover.messages, time.monotonic() + seconds
        removing = asyncio.create_task(self._remove(remover, ends_at))
        sent = await self._send(lease, ends_at)
        took = time.perf_counter() - began
        await removing
        self.sent.append(sent / took)
        self.removed.append((remover.messages - before) / (time.perf_counter() - began))

    def figures(self) -> list[Figure]:
        sent = middle_of(f"{self.name}: sent", self.sent, "messages/s")
        figures = [sent, *self.claims.figures(), *self.writings.figures()]
        if self.rests is not None:
            figures += [middle_of("  removed", self.removed, "messages/s"), *self.steps.figures()]
        return figures

    async def _send(self, lease: Lease, ends_at: float) -> int:
        """What a pump does with the database, one after the other; how many were sent."""
        sent = 0
        while time.monotonic() < ends_at:
            asked = time.perf_counter()
            claimed = await claim(lease, LEASE, BATCH)
            self.claims.add(time.perf_counter() - asked)
            if claimed is None or not claimed[1]:
                break
            for first in range(0, len(claimed[1]), FLUSH):
                part = claimed[1][first : first + FLUSH]
                asked = time.perf_counter()
                await record(lease, LEASE, [_accepted(message) for message in part])
                self.writings.add(time.perf_counter() - asked)
                sent += len(part)
        return sent

    async def _remove(self, remover: Remover, ends_at: float) -> None:
        while self.rests is not None and time.monotonic() < ends_at and await remover.step() is Step.TAKEN:
            self.steps.add(remover.seconds)
            await asyncio.sleep(self.rests * rest_after(remover.seconds, is_sending=True))


def _accepted(message: Claimed) -> Result:
    answer = Answer(Verdict.ACCEPTED, "", datetime.now(UTC), 15, 200, 0)
    return Result(message, MessageStatus.SENT, answer=answer, text_version=1)
