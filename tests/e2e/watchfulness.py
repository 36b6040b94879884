"""Whether the API answers all the time, and how quickly."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.gql_api.api import Api

PAUSE_SECONDS = 0.05


@asynccontextmanager
async def answering_within(api: Api, seconds: float) -> AsyncIterator[list[float]]:
    """Asks the API something small all the while. Raises if it fails once, or one answer takes longer.

    Gives the times that the answers took.
    """
    times: list[float] = []
    asking = asyncio.create_task(_ask(api, times))
    try:
        yield times
    finally:
        asking.cancel()
        outcome = (await asyncio.gather(asking, return_exceptions=True))[0]
    assert isinstance(outcome, asyncio.CancelledError), repr(outcome)
    print(f"the API answered {len(times)} times, at the slowest in {max(times) * 1000:.0f} ms")
    assert max(times) < seconds, f"an answer took {max(times):.2f} s"


async def _ask(api: Api, times: list[float]) -> None:
    while True:
        began = time.monotonic()
        assert await api.ask("{ __typename }") == {"__typename": "Query"}
        times.append(time.monotonic() - began)
        await asyncio.sleep(PAUSE_SECONDS)
