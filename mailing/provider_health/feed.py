"""The provider's health for the subscribers of one API process."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager, suppress
from contextvars import Context
from typing import NoReturn

from mailing.cancellation import end
from mailing.db.orm import DATABASE_ERRORS
from mailing.delivery.channel_health import ChannelStanding, read_channel
from mailing.outage import Outage
from mailing.provider_health.news import seconds_between

READ_EVERY_SECONDS = 1.0
"""Workers tell what they have seen once a second: more often there is little to learn."""
READ_SECONDS = 5.0


class HealthFeed:
    """One read of the database a second, however many subscribers there are, and none while there is nobody.

    A subscriber gets the whole state first and then the newest that says something new: a change of the state at most
    ten times a second, the figures alone every two seconds. A slow one skips states and never sees an older one after
    a newer one. Nothing waits for a subscriber, and nothing is kept for it.
    """

    def __init__(self, *, read_every_seconds: float = READ_EVERY_SECONDS) -> None:
        self._read_every_seconds = read_every_seconds
        self._followers = 0
        self._newest: ChannelStanding | None = None
        self._news = asyncio.Event()
        """Set, and replaced by another, when the newest says something new: wakes everyone who waits."""
        self._ended = False
        self._outage = Outage("provider_health.not_read")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to read when somebody follows. The database does not have to be there already."""
        # In a context of its own, so that it never reads inside somebody's transaction.
        self._task = asyncio.get_running_loop().create_task(self._run(), context=Context())

    async def stop(self) -> None:
        """End all subscriptions. A feed is started once."""
        self._ended = True
        self._news.set()
        if self._task is not None:
            await end(self._task)

    async def watch(self) -> AsyncGenerator[ChannelStanding, None]:
        """How the channel stands, then its changes. Ends only with the feed.

        Raises database errors before the first state; later ones are waited out.
        """
        clock = asyncio.get_running_loop().time
        with self._following():
            standing: ChannelStanding | None = self._accept(await read_channel())
            while standing is not None and not self._ended:
                told_at = clock()
                yield standing
                standing = await self._next(standing, told_at)

    @contextmanager
    def _following(self) -> Iterator[None]:
        self._followers += 1
        try:
            yield
        finally:
            self._followers -= 1

    async def _next(self, told: ChannelStanding, told_at: float) -> ChannelStanding | None:
        """The newest, when it is to be told to who was told that. None: the feed has ended."""
        clock = asyncio.get_running_loop().time
        while not self._ended:
            news, newest = self._news, self._newest or told
            seconds = seconds_between(told, newest)
            if seconds is not None and clock() >= told_at + seconds:
                return newest
            with suppress(TimeoutError):
                async with asyncio.timeout_at(None if seconds is None else told_at + seconds):
                    await news.wait()
        return None

    async def _run(self) -> NoReturn:
        while True:
            await asyncio.sleep(self._read_every_seconds)
            if self._followers:
                await self._read()

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(READ_SECONDS):
                standing = await read_channel()
        except (*DATABASE_ERRORS, TimeoutError) as e:
            self._outage.met(e)
            return
        self._outage.over()
        self._accept(standing)

    def _accept(self, standing: ChannelStanding) -> ChannelStanding:
        """Take a state that was read. Returns the newest: another may have been read at the same time."""
        known = self._newest
        if known is not None and standing.now <= known.now:
            return known
        self._newest = standing
        if known is None or seconds_between(known, standing) is not None:
            self._news.set()
            self._news = asyncio.Event()
        return standing
