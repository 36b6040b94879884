"""Notices that the pass of who has come has been withdrawn, while something lasts."""

import asyncio
import random
from collections.abc import Callable

from gql_api.auth.visit import Visit

LOOK_AGAIN_SECONDS = 5.0


class Watch:
    """Asks every few seconds, once begun, and calls `withdrawn` at most once. Close it when nothing lasts any more.

    One of its own for each socket and stream: they end one by one, also where a thousand have the same token.
    """

    def __init__(self, visit: Visit, withdrawn: Callable[[], None]) -> None:
        self._visit = visit
        self._withdrawn = withdrawn
        self._asking: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._asking = asyncio.create_task(self._ask())
        self._asking.add_done_callback(self._asked)

    def close(self) -> None:
        asking, self._asking = self._asking, None
        if asking is not None:
            asking.cancel()

    async def _ask(self) -> None:
        while True:
            # Not all at the same moment after a restart, when all connect again at once.
            await asyncio.sleep(LOOK_AGAIN_SECONDS * random.uniform(0.5, 1))
            if await self._visit.is_withdrawn():
                return

    def _asked(self, asking: asyncio.Task[None]) -> None:
        """Whatever ended the asking: nobody stays on without it."""
        if self._asking is asking and not asking.cancelled():
            self._withdrawn()
