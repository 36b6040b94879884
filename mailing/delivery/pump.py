"""Sends one mailing's due messages under one lease, for one turn.

A pump claims a batch, sends it with bounded concurrency, and writes results in bulk while the next batch is
already under way: one task coordinates (all database work), the others send. What holds it together:

* Every statement renews the lease, and sending stops well before the lease could end.
* While results cannot be written, nothing new is sent: memory and doubt stay bounded.
* Every statement brings back how the mailing stands, so a pause, an edit or a cancellation is seen within
  `FLUSH_SECONDS`.
* A crash anywhere leaves messages SENDING under a token; when its lease has ended, the rescue takes them back.
"""

import asyncio
import time
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from mailing.clock import DatabaseClock
from mailing.db.orm import DATABASE_ERRORS
from mailing.delivery.claim_queries import Standing, claim, read_terms, record
from mailing.delivery.engine import Engine
from mailing.delivery.messages import Claimed, Result, Terms, handed_back
from mailing.delivery.outcome import result_of
from mailing.delivery.slot_queries import Lease
from mailing.delivery.window import is_open, next_closing
from mailing.progress.announce import announce
from mailing.provider.protocol import Answer, Outgoing, Verdict

log = structlog.get_logger(__name__)

FLUSH_RESULTS = 100
FLUSH_SECONDS = 0.25
"""Results are written when there are this many, and at the latest after this time."""

MOST_UNWRITTEN = 256
"""With so many results not yet committed, nothing more is sent: after a crash, they are what is asked again."""

_WRITE_AGAIN_SECONDS = 0.2
_CLOSED_HERE = timedelta(seconds=5)
"""How long to put off a message that may not be sent now though the database gave it out.

Either the window has closed since, or the zone data of the two differ: both must allow it, so it waits. Not long, for
an edit may open the window again.
"""


class LeaseLostError(Exception):
    """Raised when a pump no longer holds its lease: what it still has in its hands belongs to the rescue."""


class _Request(NamedTuple):
    """A request on its way."""

    message: Claimed
    terms: Terms
    started_at: datetime


class Pump:
    """One turn. Use once: `more_is_due = await Pump(engine, lease, terms).run()`."""

    def __init__(self, engine: Engine, lease: Lease, terms: Terms) -> None:
        self._engine = engine
        self._pace = engine.pace
        self._lease = lease
        self._terms = terms
        self._clock = DatabaseClock()
        self._ready: deque[Claimed] = deque()
        self._in_flight: dict[asyncio.Task[None], _Request] = {}
        self._results: list[Result] = []
        self._open_until: dict[str, datetime] = {}
        self._may_send = True
        self._all_claimed = False
        self._being_written = 0
        self._cannot_write = False
        self._send_until = 0.0
        self._bug: BaseException | None = None
        # For the senders: there is something to send. For the coordinator: results to write, or room to claim.
        self._work = asyncio.Event()
        self._wake = asyncio.Event()

    async def run(self) -> bool:
        """Work until the turn is over or nothing is due. Tells whether more is due and could be sent.

        Raises LeaseLostError; what had not been written by then is left to the rescue.
        """
        turn_ends = time.monotonic() + self._pace.turn_seconds
        senders = [asyncio.create_task(self._keep_sending()) for _ in range(self._pace.concurrency)]
        for sender in senders:
            sender.add_done_callback(self._note_bug)
        try:
            await self._claim()
            while self._goes_on(turn_ends):
                await self._wait()
                await self._write()
                if self._has_room():
                    await self._claim()
            await self._wind_up()
        finally:
            for sender in senders:
                sender.cancel()
            await asyncio.gather(*senders, return_exceptions=True)
        return not self._all_claimed and self._may_go_on()

    # The coordinator: all database work happens here, one statement at a time.

    def _may_go_on(self) -> bool:
        return self._may_send and not self._engine.stopping and not self._engine.gate.closed

    def _goes_on(self, turn_ends: float) -> bool:
        if not self._may_go_on() or time.monotonic() > turn_ends:
            return False
        return not self._all_claimed or bool(self._ready or self._in_flight or self._results)

    def _has_room(self) -> bool:
        return not self._all_claimed and len(self._ready) <= self._pace.batch // 2 and self._may_go_on()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(FLUSH_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()
        if self._bug is not None:
            raise self._bug

    async def _claim(self) -> None:
        asked_at = time.monotonic()
        try:
            found = await claim(self._lease, self._pace.lease, self._pace.batch)
        except DATABASE_ERRORS as e:
            # If it was done all the same, those messages are the rescue's: this lease ends with the turn.
            log.warning("pump.cannot_claim", mailing_id=self._lease.mailing_id, error=repr(e))
            self._all_claimed = True
            return
        if found is None:
            raise LeaseLostError
        standing, messages = found
        await self._take_note(standing, asked_at)
        self._all_claimed = len(messages) < self._pace.batch
        self._ready.extend(messages)
        self._work.set()

    async def _write(self) -> None:
        """Write all results there are and renew the lease. Holds the senders while the database does not answer."""
        while True:
            batch, self._results = self._results, []
            self._being_written = len(batch)
            asked_at = time.monotonic()
            try:
                standing = await record(self._lease, self._pace.lease, batch)
            except DATABASE_ERRORS as e:
                self._results = batch + self._results
                self._being_written = 0
                self._cannot_write = True
                if time.monotonic() > self._send_until:
                    raise LeaseLostError from e
                log.warning("pump.cannot_write", mailing_id=self._lease.mailing_id, error=repr(e))
                await asyncio.sleep(_WRITE_AGAIN_SECONDS)
                continue
            if standing is None:
                raise LeaseLostError
            self._being_written = 0
            await self._take_note(standing, asked_at)
            self._cannot_write = False
            self._work.set()
            if batch:
                announce(self._lease.mailing_id)
            return

    async def _take_note(self, standing: Standing, asked_at: float) -> None:
        self._clock.set(standing.now, asked_at)
        self._send_until = asked_at + self._pace.sending_seconds
        self._may_send = standing.may_send
        if standing.revision != self._terms.revision:
            terms = await read_terms(self._lease.mailing_id)
            if terms is None:
                raise LeaseLostError
            self._terms = terms
            self._open_until.clear()

    async def _wind_up(self) -> None:
        """Hand back what was not sent, wait for what is in flight, write it all."""
        self._results.extend(handed_back(message) for message in self._ready)
        self._ready.clear()
        drain_ends = time.monotonic() + self._pace.drain_seconds
        while self._in_flight:
            await self._wait()
            await self._write()
            if self._engine.stopping and time.monotonic() > drain_ends:
                self._cut_off()
        await self._write()

    def _cut_off(self) -> None:
        """Wait no longer for answers. Those requests may have been accepted: they are asked again under their ids."""
        for sender, request in list(self._in_flight.items()):
            del self._in_flight[sender]
            sender.cancel()
            waited = self._clock.now() - request.started_at
            answer = Answer(Verdict.UNANSWERED, "cut off", request.started_at, waited // timedelta(milliseconds=1))
            self._results.append(self._result(request, answer))

    # The senders.

    async def _keep_sending(self) -> None:
        this = asyncio.current_task()
        assert this is not None
        while True:
            if not self._ready or self._holds_senders():
                self._work.clear()
                await self._work.wait()
                continue
            # In two steps: the coordinator puts another list in place of this one while the answer is awaited.
            result = await self._send(self._ready.popleft(), this)
            self._results.append(result)
            if len(self._results) >= FLUSH_RESULTS or self._has_room() or not (self._ready or self._in_flight):
                self._wake.set()

    def _holds_senders(self) -> bool:
        return self._cannot_write or self._being_written + len(self._results) >= MOST_UNWRITTEN

    def _note_bug(self, sender: asyncio.Task[None]) -> None:
        """A sender never ends by itself: let the coordinator fail loudly instead of waiting for its message."""
        if not sender.cancelled():
            self._bug = sender.exception()
            self._wake.set()

    async def _send(self, message: Claimed, sender: asyncio.Task[None]) -> Result:
        """Hand over one message if everything still allows it, right now."""
        terms, now = self._terms, self._clock.now()
        open_until = self._find_open_until(message.timezone, now)
        if open_until is None:
            return handed_back(message, now + _CLOSED_HERE)
        if not self._may_send or time.monotonic() > self._send_until or not self._engine.gate.admits():
            return handed_back(message)
        request = self._in_flight[sender] = _Request(message, terms, now)
        answer: Answer | None = None
        try:
            answer = await self._engine.provider.send(
                Outgoing(message.id, message.phone, terms.text), leave_within=(open_until - now).total_seconds()
            )
        finally:
            # Cut off or not: a gate that lets single requests probe waits to hear of each.
            self._engine.gate.learn(answer)
        del self._in_flight[sender]
        return self._result(request, answer)

    def _find_open_until(self, zone: str, now: datetime) -> datetime | None:
        """Until when clients in `zone` may be texted, the end of the mailing included; None: not now."""
        until = self._open_until.get(zone)
        if until is None or until <= now:
            terms = self._terms
            if now >= terms.ends_at or not is_open(terms.window, zone, now):
                return None
            closes_at = next_closing(terms.window, zone, now)
            until = self._open_until[zone] = min(closes_at, terms.ends_at) if closes_at else terms.ends_at
        return until

    def _result(self, request: _Request, answer: Answer) -> Result:
        return result_of(
            # Attempts are in order by the database's clock, whatever this machine's clock says.
            replace(answer, started_at=request.started_at),
            request.message,
            request.terms,
            policy=self._engine.policy,
            now=self._clock.now(),
            random=self._engine.random,
        )
