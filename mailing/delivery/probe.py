"""Tries, with one message at a time, whether a provider that failed works again.

By whoever gets the right to, of all workers. A probe is a message that is due, sent under all conditions that hold for
any other. One that fails costs it no try, and the next probe takes another message: one that a provider cannot
digest does not keep the channel shut.
"""

import uuid
from datetime import timedelta

import structlog

from mailing.clock import DatabaseClock
from mailing.delivery.breaker import BreakerCause, is_evidence, is_failure
from mailing.delivery.channel_queries import claim_probe, give_back_probe, note_failure, note_success
from mailing.delivery.claim_queries import claim, read_terms, record
from mailing.delivery.engine import Engine
from mailing.delivery.messages import Claimed, Result, Terms, handed_back
from mailing.delivery.outcome import result_of, result_of_failed_probe
from mailing.delivery.slot_queries import Lease, release_slot, take_slot
from mailing.delivery.window import is_open, next_closing
from mailing.progress.announce import announce
from mailing.provider.protocol import Answer, Outgoing, Verdict

_AROUND_A_REQUEST = timedelta(seconds=5)
"""What the statements before and after a probe's request may take, until another worker takes the probe over."""

log = structlog.get_logger(__name__)


async def probe(engine: Engine, mailing_id: int) -> bool:
    """Probe with messages of this mailing, if that is due: once, and on as long as it succeeds. Tells if it did any."""
    probed = False
    while engine.channel.is_held and not engine.stopping and await _probe_once(engine, mailing_id):
        probed = True
        await engine.channel.look_again()
    return probed


async def _probe_once(engine: Engine, mailing_id: int) -> bool:
    """One request. False if it is not due or there is nothing to send."""
    prober = f"{engine.worker}:{uuid.uuid4().hex[:8]}"
    if not await claim_probe(prober, timedelta(seconds=engine.pace.request_seconds) + _AROUND_A_REQUEST):
        return False
    answer = None
    lease = await take_slot(mailing_id, engine.worker, engine.pace.lease)
    if lease is not None:
        answer = await _send_one(engine, lease)
        await release_slot(lease)
    if answer is None or not is_evidence(answer):
        await give_back_probe(prober)
        return False
    await _judge(engine, prober, answer)
    return True


async def _judge(engine: Engine, prober: str, answer: Answer) -> None:
    refused = answer.verdict is Verdict.UNAUTHORIZED
    if refused or is_failure(answer):
        log.info("provider.probe_failed", reason=answer.reason)
        cause = BreakerCause.TOKEN_REFUSED if refused else BreakerCause.FAILURES
        await note_failure(prober, engine.channel.policy, cause, f"a probe failed: {answer.reason}")
        return
    log.info("provider.probe_succeeded")
    if (open_since := await note_success(prober)) is not None:
        log.info("provider.channel_closed", open_since=open_since.isoformat())


async def _send_one(engine: Engine, lease: Lease) -> Answer | None:
    """Claim one message, send it and write what came of it. None: there is none that may be sent now."""
    clock, terms = DatabaseClock(), await read_terms(lease.mailing_id)
    asked_at = clock.monotonic()
    found = await claim(lease, engine.pace.lease, 1)
    if terms is None or found is None or not found[1]:
        return None
    standing, (message,) = found
    clock.set(standing.now, asked_at)
    leave_within = _time_left(terms, message, clock)
    if not standing.may_send or standing.revision != terms.revision or leave_within <= timedelta(0):
        await record(lease, engine.pace.lease, [handed_back(message)])
        return None
    started_at = clock.now()
    outgoing = Outgoing(message.id, message.phone, terms.text)
    answer = await engine.provider.send(outgoing, leave_within=leave_within.total_seconds())
    await record(lease, engine.pace.lease, [_result(engine, answer.at(started_at), message, terms, clock)])
    announce(lease.mailing_id)
    return answer


def _time_left(terms: Terms, message: Claimed, clock: DatabaseClock) -> timedelta:
    now = clock.now()
    if not is_open(terms.window, message.timezone, now):
        return timedelta(0)
    closes_at = next_closing(terms.window, message.timezone, now)
    return (min(closes_at, terms.ends_at) if closes_at else terms.ends_at) - now


def _result(engine: Engine, answer: Answer, message: Claimed, terms: Terms, clock: DatabaseClock) -> Result:
    judge = result_of_failed_probe if is_failure(answer) else result_of
    return judge(
        answer,
        message,
        terms,
        text_version=terms.text_version,
        policy=engine.policy,
        now=clock.now(),
        random=engine.random,
    )
