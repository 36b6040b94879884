"""Makes a database that was restored from a backup safe to go on with.

It is older than what was sent. Three things would go wrong if the service simply started again:

- New rows would get ids that are taken already. A provider that drops ids that it has seen would drop new messages.
- What was sent since the backup would be sent once more, also of mailings that somebody has cancelled since.
- What was sent since the backup, and is not sent once more, would end CANCELLED or EXPIRED, though clients have it.

docs/decisions/0027-a-restored-database-is-held.md weighs what is done about each.
"""

from collections.abc import Callable
from typing import Any, Final

import structlog

from mailing.db.unit_of_work import unit_of_work
from mailing.delivery.reasons import RESTORED
from mailing.delivery.selection import select_audience
from mailing.delivery.start import start_if_due
from mailing.delivery.start_queries import scheduled_and_due
from mailing.mailings.service import pause_mailing
from mailing.restoring import queries
from mailing.restoring.records import Restored, Secured

log = structlog.get_logger(__name__)

IDS_AHEAD: Final = 1_000_000_000
"""More than anybody sends in nine days at a hundred million a day; in 63 bits there is room for billions of it."""

_MAILINGS_AT_ONCE: Final = 100
_MESSAGES_AT_ONCE: Final = 5_000
_RECENTLY_SECONDS: Final = 5.0
"""Scheduler and workers ask the database for something at least once in this time."""


class ServiceStillRunsError(Exception):
    """Raised when processes of the service use the database: they would send while it is being secured."""

    def __init__(self, connections: int) -> None:
        super().__init__(f"{connections} connections of this service are in use")
        self.connections = connections


async def look(ahead: int = IDS_AHEAD) -> Restored:
    """What there is to do. Changes nothing."""
    facts: dict[str, Any] = await queries.facts()
    return Restored(**facts, next_ids=await queries.next_ids(ahead))


async def check_that_nothing_runs() -> None:
    """Raises ServiceStillRunsError. For a process that has used no more than one connection so far."""
    if connections := await queries.connections_in_use(_RECENTLY_SECONDS):
        raise ServiceStillRunsError(connections)


async def secure(
    slots: int, *, ahead: int = IDS_AHEAD, doubted: Callable[[int], None] = lambda _messages: None
) -> Secured:
    """Move ids ahead, sign everybody out, pause all that would send, and take what waits for uncertain.

    `slots`: of a mailing that has to be started, as always. `doubted` is told of each step of messages how many were
    marked. Safe to run again, also after it was cut off: each step is whole, and they come in the order of their
    danger. Nothing else may use the database meanwhile (`check_that_nothing_runs`).
    """
    next_ids = await queries.next_ids(ahead)
    await queries.move_ids_ahead(ahead)
    signed_out = await queries.end_all_sessions()
    await _start_overdue(slots)
    paused = await _pause_running()
    uncertain = await _doubt_waiting(doubted)  # First: a changed filter may leave some of them out now.
    await _select_the_rest()
    uncertain += await _doubt_waiting(doubted)
    log.warning("database.restored", mailings=paused, messages=uncertain, sessions=signed_out)
    return Secured(paused, uncertain, signed_out, next_ids)


async def _start_overdue(slots: int) -> None:
    """A mailing that has not started cannot be paused."""
    while mailings := await scheduled_and_due(_MAILINGS_AT_ONCE):
        for mailing_id in mailings:
            await start_if_due(mailing_id, slots)


async def _pause_running() -> int:
    paused = 0
    while mailings := await queries.running_mailings(_MAILINGS_AT_ONCE):
        for mailing_id in mailings:
            await pause_mailing(mailing_id)
            paused += 1
    return paused


async def _select_the_rest() -> None:
    """What had not been chosen may have been sent, too. Workers choose also for paused mailings, as certain ones."""
    for mailing_id in await queries.unselected_mailings():
        await select_audience(mailing_id)


async def _doubt_waiting(doubted: Callable[[int], None]) -> int:
    messages = 0
    for mailing_id in await queries.mailings_with_waiting_messages():
        client = 0
        while True:
            async with unit_of_work():
                step = await queries.doubt_messages(mailing_id, client, _MESSAGES_AT_ONCE, RESTORED)
            if step is None:
                break
            messages, client = messages + step[0], step[1]
            doubted(step[0])
    return messages
