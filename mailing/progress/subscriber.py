"""One who follows progress: at any pace, and never with a queue that grows."""

import asyncio
from collections import deque

from mailing.models.mailing import MailingStatus
from mailing.progress.beat import Beat, Timer, beat_after
from mailing.progress.snapshot import MailingProgress


class Subscriber:
    """Holds the newest state of each mailing that was not taken yet; an older one is replaced, not queued.

    Iterating gives at most ten states a second of each mailing, and ends after `end`. The beat is kept: a state that
    came late does not make all that follow late, although they come ten times a second, too. A mailing's final state
    is the last that is given of it, and the mailing is followed no longer.
    """

    def __init__(self, mailing_id: int | None = None, *, timer: Timer | None = None) -> None:
        """Follows one mailing, or without an id every one that runs, each until its final state.

        `timer` measures the tenths of a second, without one the running event loop.
        """
        self.following = set() if mailing_id is None else {mailing_id}
        self._takes_all = mailing_id is None
        self._newest: dict[int, MailingProgress] = {}
        self._ready: deque[int] = deque()
        self._beats: dict[int, Beat] = {}
        self._wake = asyncio.Event()
        self._ended = False
        self._timer = timer or asyncio.get_running_loop()

    def wants(self, state: MailingProgress) -> bool:
        """It belongs to a mailing that is followed, or is to be followed from now on.

        One that is first heard of when it has finished ran for less than the tenth of a second between two states.
        """
        has_run = state.status in (MailingStatus.RUNNING, MailingStatus.FINISHED)
        return state.mailing_id in self.following or (self._takes_all and has_run)

    def offer(self, state: MailingProgress) -> None:
        """Give it to the subscriber when it asks and a tenth of a second has passed. Only newer states come in."""
        mailing_id = state.mailing_id
        waits = mailing_id in self._newest
        self._newest[mailing_id] = state
        self.following.add(mailing_id)
        if waits:
            return
        beat = self._beats.get(mailing_id)
        if beat is None or beat.ready_at <= self._timer.time():
            self._make_ready(mailing_id)
        else:
            self._timer.call_at(beat.ready_at, self._make_ready, mailing_id)

    def forget(self, mailing_id: int) -> None:
        """Give nothing more of this mailing."""
        self.following.discard(mailing_id)
        self._newest.pop(mailing_id, None)
        self._beats.pop(mailing_id, None)

    def end(self) -> None:
        """Give nothing more at all."""
        self._ended = True
        self._wake.set()

    def __aiter__(self) -> "Subscriber":
        return self

    async def __anext__(self) -> MailingProgress:
        while not self._ended:
            while self._ready:
                state = self._take()
                if state is not None:
                    return state
            self._wake.clear()
            await self._wake.wait()
        raise StopAsyncIteration

    def _make_ready(self, mailing_id: int) -> None:
        self._ready.append(mailing_id)
        self._wake.set()

    def _take(self) -> MailingProgress | None:
        mailing_id = self._ready.popleft()
        state = self._newest.pop(mailing_id, None)
        if state is None:
            return None
        if state.is_final:
            self.forget(mailing_id)
        else:
            self._beats[mailing_id] = beat_after(self._beats.get(mailing_id), self._timer.time())
        return state
