"""The requests of one pump: a bounded number at a time, each allowed by everything at the moment when it leaves.

Knows nothing of the database. The pump gives it messages and what it has learned (`allow`), and takes results away.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from mailing.clock import DatabaseClock
from mailing.delivery import journal
from mailing.delivery.engine import Engine
from mailing.delivery.messages import PUT_OFF, Claimed, Result, Terms, handed_back
from mailing.delivery.outcome import result_of
from mailing.delivery.turnstile import Lane
from mailing.provider.protocol import Answer, Outgoing, Verdict

MOST_UNWRITTEN = 256
"""With so many results not yet committed, nothing more is sent: after a crash, they are what is asked again."""


class _Request(NamedTuple):
    """A request on its way."""

    message: Claimed
    text_version: int
    started_at: datetime


class Senders:
    """Sends what it is given. `progress` is set when results should be written, or more messages are wanted."""

    def __init__(self, engine: Engine, terms: Terms, clock: DatabaseClock, *, write_at: int) -> None:
        """`write_at`: so many results are worth a write."""
        self.progress = asyncio.Event()
        self._engine = engine
        self._terms = terms
        self._clock = clock
        self._write_at = write_at
        self._wanted_at = -1
        self._may_send = False
        self._send_until = 0.0
        self._open_until: dict[str, datetime] = {}
        self._ready: deque[Claimed] = deque()
        self._in_flight: dict[asyncio.Task[None], _Request] = {}
        self._free_senders = engine.pace.concurrency
        self._idle: deque[asyncio.Future[None]] = deque()
        self._results: list[Result] = []
        self._being_written = 0
        self._held = False
        self._held_at = 0.0
        self._bug: BaseException | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._lane = Lane(demand=self._demand, deadline=self._deadline, call=self._wake_one)
        self._take_up(terms)

    # For the pump.

    def start(self) -> None:
        """Begin to send."""
        self._tasks = [asyncio.create_task(self._keep_sending()) for _ in range(self._engine.pace.concurrency)]
        for task in self._tasks:
            task.add_done_callback(self._note_bug)

    async def stop(self) -> None:
        """End at once. What is in flight then is cut off and forgotten."""
        for task in self._tasks:
            task.cancel()
        try:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        finally:
            self._ready.clear()
            self._engine.turnstile.withdraw(self._lane)

    def allow(self, terms: Terms, *, asked_at: float, may_send: bool, until: float) -> None:
        """Send under these terms, and if at all, only until this moment of the monotonic clock.

        `asked_at`: when the question left that these terms are the answer to. One from before `hold` ends no hold.
        """
        if terms is not self._terms:
            self._take_up(terms)
        self._may_send = may_send
        self._send_until = until
        self._held = asked_at <= self._held_at
        self._wake()

    def hold(self) -> None:
        """Let nothing new leave until `allow` answers a question that is asked from now on."""
        self._held, self._held_at = True, time.monotonic()
        self.progress.set()

    def offer(self, messages: Iterable[Claimed]) -> None:
        """More to send."""
        self._ready.extend(messages)
        self._wake()

    def want_more_at(self, count: int) -> None:
        """So few messages that wait are worth a claim; below 0: there are no more to claim."""
        self._wanted_at = count

    @property
    def wants_more(self) -> bool:
        """It is worth a claim."""
        return len(self._ready) <= self._wanted_at

    @property
    def is_done(self) -> bool:
        """Nothing waits, nothing is in flight, and no result has to be written."""
        return not (self._ready or self._in_flight or self._results)

    @property
    def has_in_flight(self) -> bool:
        return bool(self._in_flight)

    def take_results(self) -> list[Result]:
        """The results so far, to be written. Until `written`, they count as not written."""
        taken, self._results = self._results, []
        self._being_written = len(taken)
        return taken

    def written(self) -> None:
        """What was taken has been committed."""
        self._being_written = 0
        self._wake()

    def put_back(self, results: list[Result]) -> None:
        """What was taken could not be written."""
        self._results = results + self._results
        self._being_written = 0

    def hand_back_waiting(self) -> None:
        """Make results of what waits: not tried."""
        self._results.extend(handed_back(message) for message in self._ready)
        self._ready.clear()

    def cut_off(self) -> None:
        """Wait no longer for answers. Those requests may have been accepted: they are asked again under their ids."""
        for task, request in list(self._in_flight.items()):
            del self._in_flight[task]
            task.cancel()
            waited = self._clock.now() - request.started_at
            answer = Answer(Verdict.UNANSWERED, "cut off", request.started_at, waited // timedelta(milliseconds=1))
            self._results.append(self._result(request, answer))

    def raise_bug(self) -> None:
        """Raise what ended a sender: it never ends by itself, and its message would be waited for in vain."""
        if self._bug is not None:
            raise self._bug

    def _take_up(self, terms: Terms) -> None:
        self._terms = terms
        self._open_until.clear()
        self._lane.permits = self._engine.permits(terms.mailing_id, terms.max_rate)

    # The requests.

    async def _keep_sending(self) -> None:
        this = asyncio.current_task()
        assert this is not None
        while True:
            message = self._next()
            if message is None:
                await self._until_woken()
                continue
            try:
                # In two steps: another list may be in place of this one when the answer has come.
                result = await self._send(message, this)
                self._results.append(result)
            finally:
                self._free_senders += 1
                self._engine.turnstile.leave()
            if len(self._results) >= self._write_at or self.wants_more or not (self._ready or self._in_flight):
                self.progress.set()

    def _next(self) -> Claimed | None:
        """A message that may leave now: nothing waits any more between the checks and the request."""
        if not self._demand():
            self._engine.turnstile.give_way(self._lane)
            return None
        if not self._engine.turnstile.try_pass(self._lane):
            return None
        self._free_senders -= 1
        return self._ready.popleft()

    def _demand(self) -> int:
        """How many requests could begin now, as far as it depends on this pump."""
        if self._held:
            return 0
        room = MOST_UNWRITTEN - self._being_written - len(self._results)
        return max(0, min(len(self._ready), self._free_senders, room))

    def _deadline(self) -> datetime:
        zone = self._ready[0].timezone
        return self._open_until.get(zone, self._terms.ends_at)

    async def _until_woken(self) -> None:
        woken = asyncio.get_running_loop().create_future()
        self._idle.append(woken)
        await woken

    def _wake(self) -> None:
        """Have as many senders look for work as there may be work for."""
        for _ in range(min(len(self._idle), self._demand())):
            self._wake_one()

    def _wake_one(self) -> None:
        while self._idle:
            woken = self._idle.popleft()
            if not woken.done():
                woken.set_result(None)
                return

    async def _send(self, message: Claimed, sender: asyncio.Task[None]) -> Result:
        """Hand over one message if everything still allows it, right now."""
        now = self._clock.now()
        open_until = self._find_open_until(message.timezone, now)
        if open_until is None:
            journal.put_off(self._terms.mailing_id, message, now + PUT_OFF)
            return handed_back(message, now + PUT_OFF)
        if not self._may_send or self._engine.channel.is_held:
            return handed_back(message)
        journal.request_leaves(self._terms.mailing_id, message)
        # Asked for only now: to write a line takes as long as whoever reads it.
        now = self._clock.now()
        if time.monotonic() > self._send_until:
            journal.request_held_back(self._terms.mailing_id, message)
            return handed_back(message)
        request = self._in_flight[sender] = _Request(message, self._terms.text_version, now)
        outgoing = Outgoing(message.id, message.phone, self._terms.text)
        answer: Answer | None = None
        try:
            answer = await self._engine.provider.send(outgoing, leave_within=(open_until - now).total_seconds())
        finally:
            self._engine.channel.learn(answer)
        del self._in_flight[sender]
        return self._result(request, answer)

    def _find_open_until(self, zone: str, now: datetime) -> datetime | None:
        """`Terms.open_until`, remembered: it is asked for each request, and few zones have many clients."""
        until = self._open_until.get(zone)
        if until is None or until <= now:
            until = self._terms.open_until(zone, now)
            if until is not None:
                self._open_until[zone] = until
        return until

    def _result(self, request: _Request, answer: Answer) -> Result:
        """Judged by the terms of now, which may be others than those it was sent under."""
        result = result_of(
            answer.at(request.started_at),
            request.message,
            self._terms,
            text_version=request.text_version,
            policy=self._engine.policy,
            now=self._clock.now(),
            random=self._engine.random,
        )
        journal.answer_came(self._terms.mailing_id, result, answer)
        return result

    def _note_bug(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            self._bug = task.exception()
            self.progress.set()
