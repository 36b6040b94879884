"""One large mailing from start to end, with everything that people do meanwhile.

At a fifth a small mailing comes between, three times; at two fifths it is paused and resumed; at three fifths a worker
is told to end. From start to end one light client asks the API, and every worker's memory is looked at.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.api import ApiClient
from bench.machine import CpuTimes, cpu_times
from bench.million import queries
from bench.million.beside import Beside
from bench.million.memory import Memory
from bench.million.steering import Stopped, resume, stop
from bench.million.tenths import Tenth
from bench.queries import FEW, FEW_TAG, MEASURED_TAG
from bench.run import TEXT, Run
from bench.statements import StatementClass, forget_statements, read_statements
from mailing.models.mailing import MailingStatus
from mailing.progress.queries import read_progress
from mailing.supervisor.part import Part

SMALL_MAILINGS = 3
_LOOK_SECONDS = 0.25
_LONGEST_TRY_SECONDS = 20.0


@dataclass(slots=True)
class Told:
    """What the story measured."""

    messages: int
    sent: int = 0
    accepted: int = 0
    repeated: int = 0
    selection_seconds: float | None = None
    """From the mailing's start until all its messages were written."""
    first_request_seconds: float = 0
    seconds: float = 0
    """From its start to its end, pause included."""
    beside: Beside = field(default_factory=Beside)
    memory: Memory = field(default_factory=Memory)
    tenths: list[Tenth] = field(default_factory=list)
    small_seconds: list[float] = field(default_factory=list)
    """From the creation of each small mailing to its first request."""
    paused: Stopped | None = None
    resume_seconds: float | None = None
    cancelled: Stopped | None = None
    stop_seconds: float = 0
    """How long a worker took to end after SIGTERM."""
    stop_status: int = 0
    statements: dict[str, StatementClass] = field(default_factory=dict)
    size: queries.Size | None = None
    cpu: CpuTimes | None = None
    """Of what does not end meanwhile: all parts but the workers."""


class Story:
    """Tell it once. `messages` must be the number of all clients."""

    def __init__(self, run: Run, api: ApiClient, messages: int) -> None:
        self._run = run
        self._site = run.site
        self._api = api
        self._told = Told(messages)
        self._advance = run.screen.step("One large mailing", messages)
        self._mailing_id = 0
        self._done = 0.0
        self._is_over = False
        self._looked = asyncio.Condition()

    async def tell(self) -> Told:
        told, ledger = self._told, self._site.ledger
        await told.beside.warm_up(self._api)
        await ledger.forget()
        await forget_statements()
        lasting = {name: pids for name, pids in self._site.processes().items() if not name.startswith("worker")}
        before, began = cpu_times(lasting), time.time()
        self._mailing_id = await self._api.create_mailing(TEXT, [])
        async with _meanwhile(
            self._follow(began),
            told.memory.watch(self._workers, lambda: self._done),
            told.beside.ask_api(self._api, self._mailing_id),
            told.beside.ask_inside(self._mailing_id),
        ):
            await self._events()
            await self._until(1.0)
            told.seconds, told.cpu = time.time() - began, cpu_times(lasting).since(before)
        told.statements, told.size = await read_statements(), await queries.read_size()
        totals = await ledger.totals()
        told.accepted, told.repeated = totals.accepted, totals.repeated
        told.first_request_seconds = await ledger.first_arrival() - began
        await self._cancel_another()
        return told

    async def _events(self) -> None:
        told, ledger = self._told, self._site.ledger
        await self._until(0.2)
        for _ in range(SMALL_MAILINGS):
            told.small_seconds.append(await self._send_a_small_one())
        await self._until(0.4)
        told.paused = await stop("Pause", self._api, ledger, self._mailing_id)
        if told.paused is not None:
            told.resume_seconds = await resume(self._api, ledger, self._mailing_id)
        await self._until(0.6)
        await self._stop_a_worker()

    async def _send_a_small_one(self) -> float:
        mailing_id = await self._api.create_mailing("A few words", [FEW_TAG])
        gives_up_at = time.monotonic() + _LONGEST_TRY_SECONDS
        while time.monotonic() < gives_up_at:
            if (seconds := await queries.first_try_seconds(mailing_id)) is not None:
                return seconds
            await asyncio.sleep(_LOOK_SECONDS)
        return _LONGEST_TRY_SECONDS

    async def _stop_a_worker(self) -> None:
        worker, began = self._site.workers[-1], time.monotonic()
        worker.terminate()
        status = await asyncio.to_thread(_ended, worker)
        self._told.stop_seconds, self._told.stop_status = time.monotonic() - began, status
        worker.launch()

    async def _cancel_another(self) -> None:
        """Cancel a mailing in full flight, beside nothing else."""
        await self._site.ledger.forget()
        another = await self._api.create_mailing(TEXT, [MEASURED_TAG])
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if (await self._site.ledger.totals()).accepted >= self._run.messages // 10:
                break
        self._told.cancelled = await stop("Cancel", self._api, self._site.ledger, another)

    async def _until(self, share: float) -> None:
        async with self._looked:
            await self._looked.wait_for(lambda: self._done >= share or self._is_over)

    async def _follow(self, began: float) -> None:
        """Look at the mailing until it is over, or until it takes much longer than it may."""
        told = self._told
        gives_up_at = time.monotonic() + 60 + told.messages / 500
        await self._look(began)
        while not self._is_over and time.monotonic() < gives_up_at:
            await asyncio.sleep(_LOOK_SECONDS)
            progress = (await read_progress([self._mailing_id]))[self._mailing_id]
            told.sent = progress.sent
            self._done = (progress.total - progress.pending - progress.sending) / told.messages
            self._advance(progress.sent)
            if told.selection_seconds is None:
                told.selection_seconds = await queries.selection_seconds(self._mailing_id)
            if self._done >= told.tenths[-1].done + 0.1:
                await self._look(began)
            await self._tell_listeners(is_over=progress.status is MailingStatus.FINISHED)
        await self._tell_listeners(is_over=True)

    async def _tell_listeners(self, *, is_over: bool) -> None:
        async with self._looked:
            self._is_over = is_over
            self._looked.notify_all()

    async def _look(self, began: float) -> None:
        size, statements = await queries.read_size(), await read_statements()
        self._told.tenths.append(
            Tenth(self._done, time.time() - began, self._told.sent, size.megabytes, size.dead_rows, statements)
        )

    def _workers(self) -> dict[str, int]:
        return {worker.name: worker.pid for worker in self._site.workers if worker.pid is not None}


def small_messages() -> int:
    """How many messages the small mailings add to the large one's."""
    return SMALL_MAILINGS * FEW


def _ended(part: Part) -> int:
    """Wait for its end; its exit status."""
    while True:
        if (status := part.exit_code()) is not None:
            return status
        time.sleep(0.02)


@asynccontextmanager
async def _meanwhile(*watchers: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run these for the length of the block. What one of them raises ends the block."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(watcher) for watcher in watchers]
        yield
        for task in tasks:
            task.cancel()
