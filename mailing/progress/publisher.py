"""Tells every API process how far mailings are, right after a commit."""

import asyncio
import time
from collections.abc import Iterable, Set
from contextvars import Context

from redis.asyncio import Redis
from redis.exceptions import RedisError

from mailing.db.orm import DATABASE_ERRORS
from mailing.metrics.progress import PUBLISH_LAG_SECONDS
from mailing.outage import Outage
from mailing.progress.channel import publish
from mailing.progress.queries import read_progress

INTERVAL_SECONDS = 0.1
CALL_SECONDS = 1.0
FLUSH_SECONDS = 3.0

PUBLISH_ERRORS = (*DATABASE_ERRORS, RedisError, TimeoutError)


class ProgressPublisher:
    """Publishes the state of mailings that were touched: workers after each flush, the API after a mutation.

    Of each mailing at most ten states a second, and always one that was read after its last touch. One task for
    all mailings; what is held is one id for each mailing that waits. If the database or Redis is away, the ids
    wait until it is back; nothing is lost that the database does not know, and nothing is raised.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._touched: dict[int, float] = {}
        """Since when each waits."""
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None
        self._outage = Outage("progress.not_published")

    def touch(self, mailing_id: int) -> None:
        """Something of the mailing was committed. Never waits. After `close` it does nothing."""
        if self._closing:
            return
        self._touched.setdefault(mailing_id, time.monotonic())
        self._wake.set()
        if self._task is None or self._task.done():
            # In a context of its own: in the caller's it would read inside the caller's transaction for ever.
            self._task = asyncio.get_running_loop().create_task(self._run(), context=Context())

    async def close(self) -> None:
        """Publish what was touched, within three seconds or not at all."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=FLUSH_SECONDS)
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=CALL_SECONDS)

    async def _run(self) -> None:
        while await self._has_work():
            touched, self._touched = self._touched, {}
            if await self._published(touched.keys()):
                _note_lag(touched.values())
                await asyncio.sleep(INTERVAL_SECONDS)
            elif self._closing:
                return
            else:
                self._touched |= touched  # Not the later touch counts, but the one that has waited longest.
                await asyncio.sleep(CALL_SECONDS)

    async def _has_work(self) -> bool:
        """Wait for a touch. False once closing, with nothing left."""
        while not self._touched and not self._closing:
            self._wake.clear()
            await self._wake.wait()
        return bool(self._touched)

    async def _published(self, mailing_ids: Set[int]) -> bool:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                states = await read_progress(mailing_ids)
            async with asyncio.timeout(CALL_SECONDS):
                await publish(self._redis, states.values(), gone=mailing_ids - states.keys())
        except PUBLISH_ERRORS as e:
            self._outage.met(e)
            return False
        self._outage.over()
        return True


def _note_lag(touched_at: Iterable[float]) -> None:
    now = time.monotonic()
    for moment in touched_at:
        PUBLISH_LAG_SECONDS.observe(now - moment)
