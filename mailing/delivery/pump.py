"""Sends one mailing's due messages under one lease, for one turn.

A pump claims a batch, has it sent with bounded concurrency (`senders`), and writes results in bulk while the next
batch is already under way. It alone talks to the database, one statement at a time. What holds it together:

* Every statement renews the lease, and sending stops well before the lease could end.
* While results cannot be written, nothing new is sent: memory and doubt stay bounded.
* Every statement brings back how the mailing stands, so a pause, an edit or a cancellation is seen with the next one.
* A crash anywhere leaves messages SENDING under a token; when its lease has ended, the rescue takes them back.
"""

import asyncio
import time

import structlog

from mailing.clock import DatabaseClock
from mailing.db.orm import DATABASE_ERRORS
from mailing.delivery.claim_queries import Standing, claim, read_terms, record
from mailing.delivery.engine import Engine
from mailing.delivery.messages import Terms
from mailing.delivery.senders import Senders
from mailing.delivery.slot_queries import Lease
from mailing.metrics import sending
from mailing.progress.announce import announce

log = structlog.get_logger(__name__)

FLUSH_RESULTS = 100
FLUSH_SECONDS = 0.25
"""Results are written when there are this many, and at the latest after this time."""

_WRITE_AGAIN_SECONDS = 0.2


class LeaseLostError(Exception):
    """Raised when a pump no longer holds its lease: what it still has in its hands belongs to the rescue."""


class Pump:
    """One turn. Use once: `more_is_due = await Pump(engine, lease, terms).run()`."""

    def __init__(self, engine: Engine, lease: Lease, terms: Terms) -> None:
        self._engine = engine
        self._pace = engine.pace
        self._lease = lease
        self._terms = terms
        self._clock = DatabaseClock()
        self._senders = Senders(engine, terms, self._clock, write_at=FLUSH_RESULTS)
        self._may_send = True
        self._all_claimed = False
        self._lease_until = 0.0

    async def run(self) -> bool:
        """Work until the turn is over or nothing is due. Tells whether more is due and could be sent.

        Raises LeaseLostError; what had not been written by then is left to the rescue.
        """
        turn_ends = time.monotonic() + self._pace.turn_seconds
        self._senders.start()
        self._engine.holds[self._lease.mailing_id].add(self._senders.hold)
        try:
            await self._claim()
            while self._goes_on(turn_ends):
                await self._wait()
                await self._write()
                if self._senders.wants_more and self._may_go_on():
                    await self._claim()
            await self._wind_up()
        finally:
            self._stop_listening()
            await self._senders.stop()
        return not self._all_claimed and self._may_go_on()

    def _stop_listening(self) -> None:
        holds = self._engine.holds[self._lease.mailing_id]
        holds.discard(self._senders.hold)
        if not holds:
            del self._engine.holds[self._lease.mailing_id]

    def _may_go_on(self) -> bool:
        return self._may_send and not self._engine.stopping and not self._engine.channel.is_held

    def _goes_on(self, turn_ends: float) -> bool:
        if not self._may_go_on() or time.monotonic() > turn_ends:
            return False
        return not (self._all_claimed and self._senders.is_done)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(FLUSH_SECONDS):
                await self._senders.progress.wait()
        except TimeoutError:
            pass
        self._senders.progress.clear()
        self._senders.raise_bug()

    async def _claim(self) -> None:
        asked_at, batch = time.monotonic(), self._engine.batch(self._terms.max_rate)
        try:
            found = await claim(self._lease, self._pace.lease, batch)
        except DATABASE_ERRORS as e:
            # If it was done all the same, those messages are the rescue's: this lease ends with the turn.
            log.warning("pump.cannot_claim", mailing_id=self._lease.mailing_id, error=repr(e))
            self._claimed(0, batch)
            return
        if found is None:
            raise LeaseLostError
        standing, messages = found
        sending.stated(sending.Statement.CLAIM, len(messages), time.monotonic() - asked_at)
        await self._take_note(standing, asked_at)
        self._claimed(len(messages), batch)
        self._senders.offer(messages)

    def _claimed(self, count: int, batch: int) -> None:
        self._all_claimed = count < batch
        self._senders.want_more_at(-1 if self._all_claimed else batch // 2)

    async def _write(self) -> None:
        """Write all results there are and renew the lease. Holds the senders while the database does not answer."""
        failed = False
        while True:
            results = self._senders.take_results()
            asked_at = time.monotonic()
            try:
                standing = await record(self._lease, self._pace.lease, results)
            except DATABASE_ERRORS as e:
                self._senders.hold()
                self._senders.put_back(results)
                if time.monotonic() > self._lease_until:
                    raise LeaseLostError from e
                if not failed:
                    log.warning("pump.cannot_write", mailing_id=self._lease.mailing_id, error=repr(e))
                failed = True
                await asyncio.sleep(_WRITE_AGAIN_SECONDS)
                continue
            if standing is None:
                raise LeaseLostError
            sending.stated(sending.Statement.RECORD, len(results), time.monotonic() - asked_at)
            sending.written(results)
            self._senders.written()
            await self._take_note(standing, asked_at)
            if results:
                announce(self._lease.mailing_id)
            return

    async def _take_note(self, standing: Standing, asked_at: float) -> None:
        """Learn the time, the lease and the mailing's terms from what a statement brought back."""
        self._clock.set(standing.now, asked_at)
        self._lease_until = asked_at + self._pace.sending_seconds
        self._may_send = standing.may_send
        if standing.revision != self._terms.revision:
            await self._learn_terms()
        self._senders.allow(self._terms, asked_at=asked_at, may_send=self._may_send, until=self._lease_until)

    async def _learn_terms(self) -> None:
        try:
            terms = await read_terms(self._lease.mailing_id)
        except DATABASE_ERRORS as e:
            # Under terms that it does not know it sends nothing: the turn ends, and what waits is handed back.
            log.warning("pump.cannot_read_terms", mailing_id=self._lease.mailing_id, error=repr(e))
            self._may_send = False
            return
        if terms is None:
            raise LeaseLostError
        self._terms = terms

    async def _wind_up(self) -> None:
        """Hand back what was not sent, wait for what is in flight, write it all."""
        self._senders.hand_back_waiting()
        drain_ends = time.monotonic() + self._pace.answers_seconds
        while self._senders.has_in_flight:
            await self._wait()
            await self._write()
            if self._engine.stopping and time.monotonic() > drain_ends:
                self._senders.cut_off()
        await self._write()
