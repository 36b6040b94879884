"""The senders of one pump, without a pump."""

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from mailing.clock import DatabaseClock
from mailing.delivery import journal
from mailing.delivery.messages import Claimed, Terms, handed_back
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


SLOW_SECONDS = 0.3
"""How long the one who reads the log keeps a line waiting."""


@pytest.mark.parametrize(("lease_lasts", "mailing_lasts"), [(0.1, 10), (10, 0.1)])
async def test_a_reader_of_the_log_that_holds_a_line_up_makes_no_request_leave_too_late(
    worker: Worker,
    provider: FakeProvider,
    monkeypatch: pytest.MonkeyPatch,
    lease_lasts: float,
    mailing_lasts: float,
) -> None:
    # Given a mailing, or a lease, that ends while the line of the request is written
    engine, clock = worker.engine, DatabaseClock()
    engine.pace = replace(engine.pace, concurrency=1)
    now, told = datetime.now(UTC), journal.request_leaves
    clock.set(now, time.monotonic())
    terms = Terms(1, 1, "Hello", 1, now + timedelta(seconds=mailing_lasts), None)
    message = Claimed(1, 5, 79_000_000_001, "Europe/Moscow", 1, False)

    def tell_slowly(*about: int | Claimed) -> None:
        told(*about)  # type: ignore[arg-type]  # they come as they are
        time.sleep(SLOW_SECONDS)

    monkeypatch.setattr(journal, "request_leaves", tell_slowly)
    senders = Senders(engine, terms, clock, write_at=1)
    senders.start()

    # When
    senders.allow(terms, asked_at=time.monotonic(), may_send=True, until=time.monotonic() + lease_lasts)
    senders.offer([message])

    # Then nothing has left, and it has cost no try
    try:
        async with asyncio.timeout(5):
            await senders.progress.wait()
        (result,) = senders.take_results()
    finally:
        await senders.stop()
    assert provider.ledger.requests == 0
    assert (result.message, result.spent) == (message, False)
    assert lease_lasts > mailing_lasts or result == handed_back(message)
