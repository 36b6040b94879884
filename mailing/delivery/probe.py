"""Tries, with one message at a time, whether a provider that failed works again.

By whoever gets the right to, of all workers. A probe that fails costs its message no try, and the next one takes
another: a message that a provider cannot digest does not keep the channel shut.
"""

import uuid
from datetime import timedelta

import structlog

from mailing.delivery.breaker import BreakerCause, is_evidence, is_failure
from mailing.delivery.channel_log import tell_token_refused
from mailing.delivery.channel_queries import claim_probe, give_back_probe, note_failure, note_success
from mailing.delivery.engine import Engine
from mailing.delivery.probe_request import LONGEST_WAIT_SECONDS, ProbeRequest
from mailing.delivery.slot_queries import release_slot, take_slot
from mailing.metrics import channel
from mailing.provider.protocol import Answer, Verdict

_STATEMENTS_SECONDS = 5
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
    """One request. False if it is not due, there is nothing to send, or nothing was learned."""
    prober = f"{engine.worker}:{uuid.uuid4().hex[:8]}"
    within = timedelta(seconds=LONGEST_WAIT_SECONDS + engine.pace.request_seconds + _STATEMENTS_SECONDS)
    if not await claim_probe(prober, within):
        return False
    answer = None
    lease = await take_slot(mailing_id, engine.worker, engine.pace.lease)
    if lease is not None:
        answer = await ProbeRequest(engine, lease).send()
        await release_slot(lease)
    if answer is None or not is_evidence(answer):
        await give_back_probe(prober)
        return False
    await _judge(engine, prober, answer)
    return True


async def _judge(engine: Engine, prober: str, answer: Answer) -> None:
    refused = answer.verdict is Verdict.UNAUTHORIZED
    if refused or is_failure(answer):
        channel.FAILED.inc()
        log.info("provider.probe_failed", reason=answer.reason)
        cause = BreakerCause.TOKEN_REFUSED if refused else BreakerCause.FAILURES
        is_news = await note_failure(prober, engine.channel.policy, cause, f"a probe failed: {answer.reason}")
        if refused and is_news:
            tell_token_refused(answer.reason)
        return
    channel.SUCCEEDED.inc()
    log.info("provider.probe_succeeded")
    if (open_since := await note_success(prober)) is not None:
        log.info("provider.channel_closed", open_since=open_since)
