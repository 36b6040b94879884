"""The one request of a probe: a message that is due, sent under all conditions that hold for any other."""

import asyncio
import time
from contextlib import suppress
from datetime import datetime, timedelta

from mailing import tracing
from mailing.clock import DatabaseClock
from mailing.delivery import journal
from mailing.delivery.breaker import is_failure
from mailing.delivery.claim_queries import Standing, claim, read_terms, record
from mailing.delivery.engine import Engine
from mailing.delivery.messages import PUT_OFF, Claimed, Result, Terms, handed_back
from mailing.delivery.outcome import result_of, result_of_failed_probe
from mailing.delivery.passage import Passage
from mailing.delivery.slot_queries import Lease
from mailing.metrics import sending
from mailing.origin import arising_at_least_from
from mailing.progress.announce import announce
from mailing.provider.protocol import Answer, Outgoing, Verdict

LONGEST_WAIT_SECONDS = 2.5
"""For a permit where a rate is limited: longer than two of them are ever apart."""
_LOOK_SECONDS = 0.25
"""How often a probe that waits looks how its mailing stands, and whether the process is to stop."""


class ProbeRequest:
    """Use once: `answer = await ProbeRequest(engine, lease).send()`."""

    def __init__(self, engine: Engine, lease: Lease) -> None:
        self._engine = engine
        self._lease = lease
        self._clock = DatabaseClock()
        self._send_until = 0.0

    async def send(self) -> Answer | None:
        """Claim one message, send it and write what came of it.

        None: nothing could be sent now, or the process is to stop and could not wait for the answer.
        """
        terms = await read_terms(self._lease.mailing_id)
        asked_at = time.monotonic()
        found = await claim(self._lease, self._engine.pace.lease, 1, by_chance=True)
        if terms is None or found is None or not found[1]:
            return None
        standing, (message,) = found
        self._learn(standing, asked_at)
        permits = self._engine.permits(terms.mailing_id, terms.max_rate)
        tracing.link_to(terms.origin)
        with arising_at_least_from(terms.origin), Passage(self._engine.turnstile, permits, terms.ends_at) as passage:
            if not await self._opens(passage, standing, terms):
                await self._record(handed_back(message))
                return None
            return await self._send(message, terms)

    async def _opens(self, passage: Passage, standing: Standing | None, terms: Terms) -> bool:
        """Wait until a request may leave, for as long as the mailing stands as it did. False: it may not."""
        waits_until = time.monotonic() + LONGEST_WAIT_SECONDS
        while standing is not None and standing.may_send and standing.revision == terms.revision:
            if await passage.opens_within(_LOOK_SECONDS):
                return True
            asked_at = time.monotonic()
            if self._engine.stopping or asked_at > waits_until:
                return False
            standing = await record(self._lease, self._engine.pace.lease, [])
            if standing is not None:
                self._learn(standing, asked_at)
        return False

    def _learn(self, standing: Standing, asked_at: float) -> None:
        self._clock.set(standing.now, asked_at)
        self._send_until = asked_at + self._engine.pace.sending_seconds

    async def _send(self, message: Claimed, terms: Terms) -> Answer | None:
        started_at = self._clock.now()
        open_until = terms.open_until(message.timezone, started_at)
        if open_until is None:
            journal.put_off(terms.mailing_id, message, started_at + PUT_OFF)
            await self._record(handed_back(message, started_at + PUT_OFF))
            return None
        journal.request_leaves(terms.mailing_id, message)
        # Asked for only now: to write a line takes as long as whoever reads it.
        started_at = self._clock.now()
        if time.monotonic() > self._send_until:
            journal.request_held_back(terms.mailing_id, message)
            await self._record(handed_back(message))
            return None
        outgoing = Outgoing(message.id, message.phone, terms.text)
        answer = await self._answer(outgoing, open_until - started_at)
        cut_off = Answer(Verdict.UNANSWERED, "cut off", started_at, self._milliseconds_since(started_at))
        result = self._result((answer or cut_off).at(started_at), message, terms)
        journal.answer_came(terms.mailing_id, result, answer or cut_off)
        await self._record(result)
        announce(self._lease.mailing_id)
        return answer

    async def _answer(self, outgoing: Outgoing, leave_within: timedelta) -> Answer | None:
        """None: the process is to stop, and there was no time to wait for it.

        Not in a task of its own, which would begin a round of the event loop later: nothing may come between the
        checks and the request.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(None) as patience:
                losing = asyncio.create_task(self._lose_patience(patience))
                try:
                    return await self._engine.provider.send(outgoing, leave_within=leave_within.total_seconds())
                finally:
                    losing.cancel()
        return None

    async def _lose_patience(self, patience: asyncio.Timeout) -> None:
        while not self._engine.stopping:  # noqa: ASYNC110  # it is a flag that any thread sets
            await asyncio.sleep(_LOOK_SECONDS)
        patience.reschedule(asyncio.get_running_loop().time() + self._engine.pace.answers_seconds)

    def _result(self, answer: Answer, message: Claimed, terms: Terms) -> Result:
        now, policy, text_version = self._clock.now(), self._engine.policy, terms.text_version
        if is_failure(answer) or answer.verdict is Verdict.UNAUTHORIZED:
            return result_of_failed_probe(answer, message, terms, text_version=text_version, policy=policy, now=now)
        return result_of(
            answer, message, terms, text_version=text_version, policy=policy, now=now, random=self._engine.random
        )

    async def _record(self, result: Result) -> None:
        if await record(self._lease, self._engine.pace.lease, [result]) is not None:
            sending.written([result])

    def _milliseconds_since(self, moment: datetime) -> int:
        return (self._clock.now() - moment) // timedelta(milliseconds=1)
