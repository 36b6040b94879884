"""Live progress for the subscribers of one API process."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextvars import Context

from redis.asyncio import Redis

from mailing.cancellation import end
from mailing.db.orm import DATABASE_ERRORS
from mailing.errors import NotFoundError
from mailing.listener import Listener
from mailing.outage import Outage
from mailing.progress.channel import CHANNEL, decode
from mailing.progress.hub import Hub
from mailing.progress.queries import read_active_progress, read_progress
from mailing.progress.snapshot import MailingProgress

REFRESH_SECONDS = 2.0
READ_SECONDS = 5.0
LIVELY_SECONDS = 0.5
"""A mailing of which so little time ago something was heard need not be read."""


class ProgressFeed:
    """One Redis subscription and one read every two seconds, however many subscribers there are.

    A subscriber gets the whole state first and then, at most ten times a second for each mailing, the newest: a
    slow one skips states and never sees an older one after a newer one. Redis makes it quick, the database makes
    it right: what Redis loses, or all if it is away, comes with the next read.
    """

    def __init__(self, redis: Redis, *, refresh_seconds: float = REFRESH_SECONDS) -> None:
        self._refresh_seconds = refresh_seconds
        self._hub = Hub()
        self._listener = Listener(
            redis, CHANNEL, heard=self._heard, subscribed=self._refresh_now, outage="progress.not_subscribed"
        )
        self._heard_at: dict[int, float] = {}
        self._outdated = asyncio.Event()
        self._outage = Outage("progress.not_read")
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to listen. Needs neither Redis nor the database to be there already."""
        loop = asyncio.get_running_loop()
        # Contexts of their own, so that they never read inside somebody's transaction.
        self._tasks = [loop.create_task(run(), context=Context()) for run in (self._listener.run, self._refresh)]

    async def stop(self) -> None:
        """End all subscriptions. A feed is started once."""
        self._hub.end()
        for task in self._tasks:
            await end(task)

    async def watch(self, mailing_id: int) -> AsyncGenerator[MailingProgress, None]:
        """The mailing's state, then its changes up to the final state, or until it is deleted.

        Raises NotFoundError before the first state if there is no such mailing, and database errors likewise.
        """
        # Subscribed before the read: a change between the two is not missed.
        with self._hub.watching(mailing_id) as subscriber:
            state = (await read_progress([mailing_id])).get(mailing_id)
            if state is None:
                raise NotFoundError("mailing", mailing_id)
            self._hub.welcome(subscriber, state)
            async for state in subscriber:
                yield state
                if state.is_final:
                    return

    async def watch_active(self) -> AsyncGenerator[MailingProgress, None]:
        """The state of every mailing that runs, then the changes of these and of those that start later.

        A mailing's final state is the last that comes of it. Does not end by itself. Raises database errors before
        the first state.
        """
        with self._hub.watching_active() as subscriber:
            for state in (await read_active_progress()).values():
                self._hub.welcome(subscriber, state)
            async for state in subscriber:
                yield state

    def runs(self, mailing_id: int) -> bool:
        """Whether the mailing is running, as far as is known to those who follow it."""
        return self._hub.runs(mailing_id)

    def _heard(self, data: bytes | str) -> None:
        match decode(data):
            case MailingProgress() as state:
                self._heard_at[state.mailing_id] = time.monotonic()
                self._hub.accept(state)
            case int(mailing_id):
                self._hub.gone(mailing_id)

    def _refresh_now(self) -> None:
        self._outdated.set()

    async def _refresh(self) -> None:
        """Read what is followed every two seconds, and at once where something may have been missed."""
        while True:
            missed_something = await self._wait()
            if self._hub.is_empty:
                self._heard_at.clear()
                continue
            try:
                async with asyncio.timeout(READ_SECONDS):
                    await self._read(self._lively(missed_something))
            except (*DATABASE_ERRORS, TimeoutError) as e:
                self._outage.met(e)
            else:
                self._outage.over()

    async def _wait(self) -> bool:
        """Until it is time to read; whether something may have been missed."""
        try:
            async with asyncio.timeout(self._refresh_seconds):
                await self._outdated.wait()
        except TimeoutError:
            return False
        self._outdated.clear()
        return True

    def _lively(self, missed_something: bool) -> set[int]:
        """Those of which Redis has just told: what the database says of them now would be one state more, and keep
        back the next one for a tenth of a second."""
        followed = self._hub.followed()
        since = float("inf") if missed_something else time.monotonic() - LIVELY_SECONDS
        self._heard_at = {id: at for id, at in self._heard_at.items() if id in followed}
        return {id for id, at in self._heard_at.items() if at >= since}

    async def _read(self, lively: set[int]) -> None:
        """Take in the state of everything that is followed, but for the lively ones."""
        quiet = self._hub.followed() - lively
        if not quiet and not self._hub.follows_active:
            return
        read = read_active_progress if self._hub.follows_active else read_progress
        states = await read(quiet)
        for state in states.values():
            if state.mailing_id not in lively:
                self._hub.accept(state)
        for mailing_id in quiet - states.keys():
            self._hub.gone(mailing_id)
