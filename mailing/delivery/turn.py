"""What a worker does when it is told that a mailing may have messages to send."""

import structlog

from mailing import tracing
from mailing.db.orm import DATABASE_ERRORS
from mailing.delivery.claim_queries import read_terms
from mailing.delivery.ending import finish_if_done
from mailing.delivery.engine import Engine
from mailing.delivery.messages import Terms
from mailing.delivery.probe import probe
from mailing.delivery.pump import LeaseLostError, Pump
from mailing.delivery.slot_queries import Lease, release_slot, take_slot
from mailing.delivery.wake_queries import forget_pump_wake_ups
from mailing.jobs import Job, enqueue
from mailing.metrics.sending import LEASES_LOST
from mailing.origin import arising_at_least_from

log = structlog.get_logger(__name__)


async def take_turn(engine: Engine, mailing_id: int) -> None:
    """Send for one turn, if the mailing has a slot free, and ask for another turn while more is due.

    Safe to call at any time and any number of times: without a slot or anything due it does nothing.
    """
    try:
        if not engine.stopping and await _may_send(engine, mailing_id):
            await _take_turn(engine, mailing_id)
    except LeaseLostError:
        LEASES_LOST.inc()
        log.warning("pump.lease_lost", mailing_id=mailing_id)
    except DATABASE_ERRORS as e:
        # A slot that is still leased is taken back by the rescue.
        log.warning("pump.database_away", mailing_id=mailing_id, error=repr(e))


async def _take_turn(engine: Engine, mailing_id: int) -> None:
    lease = await take_slot(mailing_id, engine.worker, engine.pace.lease)
    if lease is None:
        return
    terms = await read_terms(mailing_id)
    more_is_due = terms is not None and await _send(engine, lease, terms)
    await release_slot(lease)
    if more_is_due:
        await enqueue(Job("mailing.pump", mailing_id))
    else:
        await finish_if_done(mailing_id)


async def _send(engine: Engine, lease: Lease, terms: Terms) -> bool:
    tracing.link_to(terms.origin)
    with arising_at_least_from(terms.origin):
        return await Pump(engine, lease, terms).run()


async def _may_send(engine: Engine, mailing_id: int) -> bool:
    """Whether the channel to the provider lets requests leave; if not, it is probed, if that is due.

    A mailing that was probed with has no head start when the channel is closed: the next sweep wakes all, the most
    urgent ones first.
    """
    await engine.channel.look()
    if not engine.channel.is_held:
        return True
    await probe(engine, mailing_id)
    await forget_pump_wake_ups([mailing_id])
    return False
