"""How quick live sockets are while nothing else is going on."""

import asyncio
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

from bench.latencies import Latencies
from bench.run import TEXT, Run
from bench.sockets import States, SubscriberSocket, connect
from mailing.mailings.service import cancel_mailing, create_mailing
from mailing.mailings.validation import NewMailing
from mailing.models.mailing import MailingStatus
from mailing.progress.channel import publish
from mailing.progress.snapshot import MailingProgress

SOCKETS = 300
STATES_A_SECOND = 10
SECONDS = 10

_QUERY = """
    subscription Follow($id: ID!) {
        mailingProgress(mailingId: $id) { total pending sending sent failed expired unconfirmed cancelled updatedAt }
    }
"""


async def measure_live(run: Run) -> tuple[Latencies, list[str]]:
    """From the publication of a state to each socket, in milliseconds, and what went wrong."""
    later = datetime.now(UTC) + timedelta(hours=1)
    mailing = await create_mailing(NewMailing(TEXT, later, later + timedelta(hours=1), (), ("nobody",), None, None))
    states = States()
    url, variables = run.site.api_url, {"id": f"mailing_{mailing.id}"}
    sockets = [await connect(url, lambda: SubscriberSocket(url, _QUERY, variables, states)) for _ in range(SOCKETS)]
    await _publish(run, mailing.id)
    problems = [socket.trouble for socket in sockets if socket.trouble]
    missing = sum(socket.newest["sent"] != _COUNT for socket in sockets if not socket.trouble)
    for socket in sockets:
        socket.close()
    await cancel_mailing(mailing.id)
    if missing:
        problems.append(f"{missing} of {SOCKETS} sockets did not get the last state")
    return Latencies("live", [*states.behind_ms]), problems


_COUNT = STATES_A_SECOND * SECONDS


async def _publish(run: Run, mailing_id: int) -> None:
    advance = run.screen.step(f"States to {SOCKETS} sockets", _COUNT)
    assert run.site.settings.redis_url is not None, "a site has a Valkey"
    async with Redis.from_url(run.site.settings.redis_url) as redis:
        await asyncio.sleep(2)
        for sent in range(1, _COUNT + 1):
            await publish(redis, [_state(mailing_id, sent)])
            advance(sent)
            await asyncio.sleep(1 / STATES_A_SECOND + 0.005)  # Not before the API may hand on the next one.
        await asyncio.sleep(0.5)


def _state(mailing_id: int, sent: int) -> MailingProgress:
    return MailingProgress(
        mailing_id, MailingStatus.RUNNING, 1000 - sent, 0, sent, 0, 0, 0, 0, 10.0, None, datetime.now(UTC), True, 1
    )
