"""The senders of one pump, without a pump."""

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from mailing.clock import DatabaseClock
from mailing.delivery.messages import Claimed, Terms
from mailing.delivery.senders import Senders
from mailing.provider.fake import FakeProvider
from tests.delivery.conftest import Worker
from tests.waiting import until


@dataclass(eq=False)
class LatePermit:
    """A permit that becomes usable right after it was asked for the first time."""

    rate: int = 100
    held: int = 1
    asked: int = 0

    def usable(self) -> int:
        self.asked += 1
        return self.held if self.asked > 1 else 0

    def take(self) -> bool:
        self.held -= 1
        return True

    def want(self, count: int) -> None:
        pass


async def test_a_permit_that_becomes_usable_while_its_only_sender_goes_to_sleep_is_used(
    worker: Worker, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    engine, clock = worker.engine, DatabaseClock()
    engine.pace = replace(engine.pace, concurrency=1)
    now = datetime.now(UTC)
    clock.set(now, time.monotonic())
    terms = Terms(1, 1, "Hello", 1, now + timedelta(hours=1), None, max_rate=100)
    permit = LatePermit()
    monkeypatch.setattr(type(engine), "permits", lambda *_: permit)
    senders = Senders(engine, terms, clock, write_at=1)
    senders.start()
    senders.allow(terms, asked_at=time.monotonic(), may_send=True, until=time.monotonic() + 10)
    senders.offer([Claimed(1, 5, 79_000_000_001, "Europe/Moscow", 1, False)])
    await until(lambda: permit.asked > 0)
    for _ in range(5):
        await asyncio.sleep(0)

    # When
    engine.turnstile.let_pass()

    # Then
    try:
        await until(lambda: provider.ledger.requests == 1, seconds=2)
    finally:
        await senders.stop()
