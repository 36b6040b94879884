"""When a token was last used, noted beside the requests and never in their way."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from mailing.access_tokens.queries import note_use
from mailing.db.orm import DATABASE_ERRORS
from mailing.outage import Outage

INTERVAL_SECONDS: Final = 60.0
MOST_TOKENS: Final = 10_000
CLOSE_SECONDS: Final = 1.0


class LastUse:
    """Writes at most once a minute for each token, whatever the number of requests; all processes together hardly more
    often, since the statement itself looks again. A failure is logged once, and lost.

    `clock` gives monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._noted: OrderedDict[int, float] = OrderedDict()
        self._writing: set[asyncio.Task[None]] = set()
        self._outage = Outage("token.last_use_not_written")

    def note(self, token_id: int) -> None:
        """The token was used. Returns at once and raises nothing."""
        now = self._clock()
        if now - self._noted.get(token_id, float("-inf")) < INTERVAL_SECONDS:
            return
        self._noted[token_id] = now
        self._noted.move_to_end(token_id)
        if len(self._noted) > MOST_TOKENS:
            self._noted.popitem(last=False)
        writing = asyncio.create_task(self._write(token_id))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)

    async def close(self) -> None:
        """Wait a moment for what is being written."""
        if self._writing:
            _, late = await asyncio.wait(self._writing, timeout=CLOSE_SECONDS)
            for writing in late:
                writing.cancel()

    async def _write(self, token_id: int) -> None:
        try:
            await note_use(token_id)
        except DATABASE_ERRORS as e:
            self._outage.met(e)
        else:
            self._outage.over()
