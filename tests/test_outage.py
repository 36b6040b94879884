"""Outages in the log: told once, again each minute, and when they are over."""

import asyncio

import pytest
from structlog.testing import capture_logs

from mailing.metrics import process
from mailing.outage import Outage
from tests.metrics.rises import Rises


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_an_outage_is_told_once_and_again_each_minute_and_when_it_is_over(clock: Clock) -> None:
    # Given
    outage = Outage("queue.away", clock=clock)

    # When it is met ten times a second for a bit over two minutes, and then works twice
    with capture_logs() as logs:
        for _ in range(1_250):
            outage.met(ConnectionResetError("gone"), step="wake")
            clock.now += 0.1
        outage.over()
        outage.over()

    # Then
    told = {"event": "queue.away", "log_level": "warning", "error": "ConnectionResetError('gone')", "step": "wake"}
    assert logs == [
        told,
        told | {"lasting_seconds": 60},
        told | {"lasting_seconds": 120},
        {"event": "queue.away.over", "log_level": "info", "lasted_seconds": 125.0},
    ]


async def test_the_next_outage_is_told_anew(clock: Clock) -> None:
    outage = Outage("queue.away", clock=clock)
    with capture_logs() as logs:
        for _ in range(2):
            outage.met(ConnectionResetError())
            outage.over()
    assert [entry["event"] for entry in logs] == ["queue.away", "queue.away.over"] * 2


async def test_what_works_all_the_time_is_not_told(clock: Clock) -> None:
    outage = Outage("queue.away", clock=clock)
    with capture_logs() as logs:
        outage.over()
    assert logs == []
    assert not outage.was_met_since(0)


async def test_it_is_known_whether_it_was_met_since_a_moment(clock: Clock) -> None:
    outage = Outage("queue.away", clock=clock)
    outage.met(ConnectionResetError())
    assert outage.was_met_since(clock.now)
    assert not outage.was_met_since(clock.now + 0.1)


async def test_a_task_that_is_being_cancelled_is_cancelled_although_something_else_failed() -> None:
    # Given a task whose connection fails at being closed by the cancellation
    outage = Outage("queue.away")
    begun = asyncio.Event()

    async def work() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            outage.met(ConnectionResetError())

    task = asyncio.create_task(work())
    await begun.wait()

    # When
    with capture_logs() as logs:
        task.cancel()
        await asyncio.wait({task})

    # Then
    assert task.cancelled()
    assert logs == []


async def test_an_outage_is_counted_once_and_shown_while_it_lasts() -> None:
    # Given
    rises = Rises(process.area)
    outage = Outage("something.away")

    # When
    for _ in range(3):
        outage.met(OSError("no"))
    during = rises.of("mailing_outage_active", outage="something.away")
    outage.over()

    # Then
    assert rises.of("mailing_outages_total", outage="something.away") == 1
    assert (during, rises.of("mailing_outage_active", outage="something.away")) == (1, 0)
