"""Writes the messages of a mailing: chooses its audience when it starts, and again when its filter changes.

In steps, each a transaction of its own that moves a cursor on the mailing's row: sending begins after the first,
a crash between two loses nothing, and running it twice at once does no harm.
"""

from datetime import UTC, datetime, timedelta
from functools import partial

from mailing import tracing
from mailing.db.locks import lock_clients_for_selection, lock_mailing_structure
from mailing.db.unit_of_work import AfterCommit, after_commit, unit_of_work
from mailing.delivery import journal
from mailing.delivery import selection_queries as queries
from mailing.delivery.ending import finish
from mailing.delivery.ending_queries import settle_pending_counts
from mailing.delivery.milestones import log_milestone
from mailing.jobs import Job, enqueue
from mailing.metrics.committed import once_committed
from mailing.metrics.lives import MATCHED
from mailing.origin import arising_at_least_from
from mailing.progress.announce import announce_after_commit
from mailing.progress.queries import read_progress

CLIENTS_A_STEP = 20_000
CLIENTS_A_PUMP = 500
"""A small mailing is not worth a wake-up for each of its slots."""

_WAIT_FOR_RESULTS = timedelta(seconds=0.5)


async def select_audience(mailing_id: int) -> None:
    """Bring the messages of a started mailing in line with its filter. Does nothing where they are."""
    while await _step(mailing_id):
        pass


async def _step(mailing_id: int) -> bool:
    """One bounded transaction; tells whether there is more to do now."""
    async with unit_of_work():
        await lock_mailing_structure(mailing_id)
        await lock_clients_for_selection()
        selection = await queries.read_selection(mailing_id)
        if selection is None:
            return False
        tracing.link_to(selection.origin)
        if selection.recheck_cursor is not None:
            more = await _check_existing(selection)
        else:
            more = await _add_matching(selection)
        await announce_after_commit(mailing_id)
    return more


async def _check_existing(selection: queries.Selection) -> bool:
    """Cancel messages that the changed filter leaves out. Waits until nothing is in flight any more.

    Pumps stop at the changed revision; a message that came back after its turn here would escape the filter.
    """
    if await queries.count_sending(selection.mailing_id) > 0:
        await enqueue(Job("mailing.start", selection.mailing_id, delay=_WAIT_FOR_RESULTS))
        return False
    left_out = await queries.cancel_left_out(selection, CLIENTS_A_STEP)
    await _tell(selection, partial(journal.left_out, selection.mailing_id, left_out, datetime.now(UTC)))
    return True


async def _add_matching(selection: queries.Selection) -> bool:
    first = selection.cursor == 0
    found, written = await queries.add_matching(selection, CLIENTS_A_STEP)
    await once_committed(partial(MATCHED.inc, found))
    await _tell(selection, partial(journal.created, selection.mailing_id, written, datetime.now(UTC)))
    if selection.closed_as is not None:
        # Its end came before its audience was complete: these, too, are accounted for.
        await settle_pending_counts(selection.mailing_id, selection.closed_as)
    complete = found < CLIENTS_A_STEP
    if first and not complete:
        # One pump until the audience is complete: more would not send more, but hold up the selection.
        await enqueue(Job("mailing.pump", selection.mailing_id))
    if complete:
        progress = (await read_progress([selection.mailing_id]))[selection.mailing_id]
        for _ in range(min(await queries.count_slots(selection.mailing_id), 1 + progress.total // CLIENTS_A_PUMP)):
            await enqueue(Job("mailing.pump", selection.mailing_id))
        await log_milestone("mailing.audience_selected", selection.mailing_id, messages=progress.total)
        await finish(selection.mailing_id)
    return not complete


async def _tell(selection: queries.Selection, lines: AfterCommit) -> None:
    """Once it is committed. Where nobody told the service to select, the lines name who created the mailing."""

    async def tell() -> None:
        with arising_at_least_from(selection.origin):
            await lines()

    await after_commit(tell)
