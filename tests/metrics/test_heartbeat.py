"""What a process looks at once a second."""

import time

import pytest

from mailing.metrics import heartbeat
from mailing.metrics.heartbeat import Heartbeat
from mailing.metrics.process import LOOP_LAG_SECONDS
from tests.waiting import until


async def test_it_looks_at_once_and_then_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.01)
    looks: list[float] = []
    beating = Heartbeat((lambda: looks.append(time.monotonic()),))

    # When
    beating.start()

    # Then
    assert len(looks) == 1
    await until(lambda: len(looks) > 3)
    assert beating.silent_seconds < 5
    await beating.stop()


async def test_it_measures_how_late_the_event_loop_is(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.01)
    before = LOOP_LAG_SECONDS._sum.get()
    beating = Heartbeat(())
    beating.start()

    # When something keeps the loop busy
    await until(lambda: LOOP_LAG_SECONDS._sum.get() > before)
    at_rest = LOOP_LAG_SECONDS._sum.get()
    time.sleep(0.2)  # noqa: ASYNC251  # that it blocks is the point

    # Then
    assert beating.silent_seconds > 0.15
    await until(lambda: LOOP_LAG_SECONDS._sum.get() > at_rest + 0.15)
    await beating.stop()
