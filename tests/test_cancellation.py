import asyncio

import pytest

from mailing import cancellation
from mailing.cancellation import end


async def test_a_task_that_loses_a_cancellation_ends_by_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cancellation, "AGAIN_SECONDS", 0.01)
    lost: list[str] = []

    async def work() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                if len(lost) == 2:
                    raise
                lost.append("a cancellation")

    task = asyncio.create_task(work())
    await asyncio.sleep(0)

    async with asyncio.timeout(5):
        await end(task)

    assert (task.cancelled(), len(lost)) == (True, 2)


async def test_what_has_ended_by_an_error_is_waited_for_without_raising_it() -> None:
    async def fail() -> None:
        raise ValueError

    task = asyncio.create_task(fail())
    await asyncio.wait({task})

    await end(task)
    await end(task)

    assert isinstance(task.exception(), ValueError)
