"""What a worker does with a mailing. Every job may come late, twice or never."""

from collections.abc import Callable
from functools import partial

import dramatiq

from tasks.broker import QUEUES
from tasks.runtime import Runtime


def declare(broker: dramatiq.Broker, runtime: Callable[[], Runtime]) -> None:
    """Make the actors known to `broker`. `runtime` gives the process's Runtime once the worker has booted."""

    async def start_mailing(mailing_id: int) -> None:
        await runtime().actions["mailing.start"](mailing_id)

    async def pump_mailing(mailing_id: int) -> None:
        await runtime().actions["mailing.pump"](mailing_id)

    async def remove_mailing(mailing_id: int) -> None:
        await runtime().actions["mailing.remove"](mailing_id)

    actor = partial(dramatiq.actor, broker=broker)

    # Between their steps these may be cut short, by a shutdown too.
    actor(actor_name="mailing.start", queue_name=QUEUES["mailing.start"], notify_shutdown=True)(start_mailing)
    actor(actor_name="mailing.remove", queue_name=QUEUES["mailing.remove"], notify_shutdown=True)(remove_mailing)
    # A pump ends by itself within its turn and a request; a shutdown reaches it through Engine.stopping.
    actor(actor_name="mailing.pump", queue_name=QUEUES["mailing.pump"], max_retries=0)(pump_mailing)
