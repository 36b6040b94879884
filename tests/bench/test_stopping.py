"""A measurement that is told to stop ends, whatever it does at that moment."""

import asyncio
import signal
from collections.abc import Iterator

import pytest

from bench.stopping import StopSignal

STATUS = 128 + signal.SIGTERM


@pytest.fixture
def stop_signal() -> Iterator[StopSignal]:
    before = signal.getsignal(signal.SIGTERM)
    yield StopSignal()
    signal.signal(signal.SIGTERM, before)


class ToldInItsFinalizer:
    """Python swallows what a finalizer raises."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


async def work_for_a_minute() -> None:
    ToldInItsFinalizer()
    await asyncio.sleep(60)


def test_it_gives_what_the_work_returns(stop_signal: StopSignal) -> None:
    assert stop_signal.run(asyncio.sleep(0, "done")) == "done"


@pytest.mark.timeout(10)
def test_it_ends_the_work_also_when_the_signal_comes_during_a_finalizer(stop_signal: StopSignal) -> None:
    with pytest.raises(SystemExit) as ended:
        stop_signal.run(work_for_a_minute())
    assert ended.value.code == STATUS


@pytest.mark.timeout(10)
def test_it_does_not_begin_what_it_was_told_to_leave(stop_signal: StopSignal) -> None:
    signal.raise_signal(signal.SIGTERM)
    began = []

    async def work() -> None:
        began.append(True)

    with pytest.raises(SystemExit):
        stop_signal.run(work())
    assert began == []


def test_the_works_own_failure_is_its_own(stop_signal: StopSignal) -> None:
    async def fail() -> None:
        raise ValueError("no clients")

    with pytest.raises(ValueError, match="no clients"):
        stop_signal.run(fail())
