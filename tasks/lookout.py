"""Keeps a worker working while the queue is away.

A wake-up says only that a mailing may have work, and the database knows which ones do: so without the queue a worker
looks there itself, and does the jobs that the queue refuses in its own process.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextvars import Context

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from mailing.cancellation import end
from mailing.db.orm import DATABASE_ERRORS
from mailing.delivery.sweep import wake_senders
from mailing.delivery.wake_queries import wake_removals, wake_selections
from mailing.jobs import Job
from mailing.outage import Outage
from tasks.job_log import told

LOOK_SECONDS = 1.0
ANSWER_SECONDS = 1.0
"""In which the queue must have answered."""
AT_ONCE = 4
"""Most jobs of a kind that one look finds: the rest is for the other workers, which look, too."""

_KEY = "mailing:lookout"

Action = Callable[[int], Awaitable[None]]

log = structlog.get_logger(__name__)


class Lookout:
    """One per worker process, on its event loop. `actions` are the jobs by name, `most` how many run here at once."""

    def __init__(self, redis: Redis, actions: Mapping[str, Action], most: int) -> None:
        self._redis = redis
        self._actions = actions
        self._most = most
        self._running: dict[asyncio.Task[None], Job] = {}
        self._looking: asyncio.Task[None] | None = None
        self._queue = Outage("queue.away")
        self._database = Outage("lookout.database_failed")

    def start(self) -> None:
        """Look every second whether the queue is there, and if it is not, for work."""
        self._looking = asyncio.create_task(self._keep_looking())

    async def stop(self) -> None:
        """Look no more, and wait for what runs here.

        A pump ends by itself once its engine is stopping, and has results to write; all else may be cut short.
        """
        if self._looking is not None:
            await end(self._looking)
        for task, job in self._running.items():
            if job.name != "mailing.pump":
                task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    async def take(self, job: Job) -> None:
        """Do a job here that the queue refused. Beyond `most` it is left for the next look."""
        if len(self._running) < self._most:
            # A context of its own: in the caller's it would log, and read, as a part of the caller's job.
            task = asyncio.get_running_loop().create_task(self._do(job), context=Context())
            self._running[task] = job
            task.add_done_callback(self._running.pop)

    async def _do(self, job: Job) -> None:
        await asyncio.sleep(job.delay.total_seconds())
        with structlog.contextvars.bound_contextvars(job=job.name, mailing_id=job.mailing_id):
            try:
                with told():
                    await self._actions[job.name](job.mailing_id)
            except DATABASE_ERRORS as e:
                self._database.met(e)
            except Exception:
                log.exception("lookout.job_failed")
            else:
                self._database.over()

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if await self._queue_takes_jobs():
                continue
            try:
                await self._look()
            except DATABASE_ERRORS as e:
                self._database.met(e)
            except Exception:
                log.exception("lookout.look_failed")

    async def _queue_takes_jobs(self) -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                # A write: a Redis that is full, or a replica, answers a ping and takes no job.
                await self._redis.set(_KEY, 1, ex=1)
        except (RedisError, OSError, TimeoutError) as e:
            self._queue.met(e, what_to_do="bring Redis back; until then, mailings without a rate limit go on")
            return False
        self._queue.over()
        return True

    async def _look(self) -> None:
        for name, wake in (
            ("mailing.start", wake_selections),
            ("mailing.pump", wake_senders),
            ("mailing.remove", wake_removals),
        ):
            for mailing_id in await wake(min(AT_ONCE, self._most - len(self._running))):
                await self.take(Job(name, mailing_id))
