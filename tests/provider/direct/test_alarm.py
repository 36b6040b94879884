import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from mailing.provider.direct.alarm import Alarm
from tests.waiting import until


@pytest.fixture
async def timers(monkeypatch: pytest.MonkeyPatch) -> list[asyncio.TimerHandle]:
    """Every timer that an alarm starts."""
    loop = asyncio.get_running_loop()
    started: list[asyncio.TimerHandle] = []
    call_later = loop.call_later

    def record(delay: float, callback: Callable[..., object], *arguments: Any) -> asyncio.TimerHandle:
        timer = call_later(delay, callback, *arguments)
        if isinstance(getattr(callback, "__self__", None), Alarm):
            started.append(timer)
        return timer

    monkeypatch.setattr(loop, "call_later", record)
    return started


async def test_it_rings_once_when_its_moment_has_come() -> None:
    rung: list[float] = []
    alarm, at = Alarm(lambda: rung.append(monotonic())), monotonic() + 0.05

    alarm.set(at)
    await until(lambda: rung)

    (moment,) = rung
    assert at <= moment < at + 1


async def test_moving_it_to_later_costs_no_timer(timers: list[asyncio.TimerHandle]) -> None:
    rung: list[float] = []
    alarm, start = Alarm(lambda: rung.append(monotonic())), monotonic()

    for step in range(1, 101):
        alarm.set(start + 0.03 + step / 1000)
    assert len(timers) == 1

    await until(lambda: rung)
    assert rung[0] >= start + 0.13
    assert len(timers) <= 3


async def test_it_can_be_moved_to_sooner(timers: list[asyncio.TimerHandle]) -> None:
    rung: list[float] = []
    alarm = Alarm(lambda: rung.append(monotonic()))

    alarm.set(monotonic() + 3600)
    alarm.set(monotonic() + 0.02)
    await until(lambda: rung)

    assert [timer.cancelled() for timer in timers] == [True, False]


async def test_a_stopped_one_is_silent_and_can_be_set_again(timers: list[asyncio.TimerHandle]) -> None:
    rung: list[float] = []
    alarm = Alarm(lambda: rung.append(monotonic()))
    alarm.set(monotonic() + 0.01)
    alarm.stop()
    alarm.stop()
    assert timers[0].cancelled()

    alarm.set(monotonic() - 1)

    await until(lambda: rung)
    assert len(rung) == 1
