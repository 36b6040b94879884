"""Takes the clients of a file into the database: adds those who are new, updates those who differ.

How rows are counted: each once, so that created + updated + unchanged + superseded + rejected is the number of rows.
Where a phone comes twice, the row further down wins. Within a batch the earlier one is not written at all and counts as
superseded; in another batch it has been written already, so the later one counts as updated or unchanged.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from mailing.clients import import_queries, queries
from mailing.clients.import_rows import Batch, ClientRows
from mailing.clients.validation import NewClient
from mailing.db.locks import lock_clients_for_change
from mailing.db.unit_of_work import unit_of_work
from mailing.delivery import journal
from mailing.logging import Each

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class ImportTotals:
    """What became of the rows so far."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.superseded + self.rejected


async def import_clients(rows: ClientRows, totals: ImportTotals, after_batch: Callable[[Batch], None]) -> None:
    """Take all rows, count them in `totals`, and tell `after_batch` of each batch that is in.

    Rejected rows are in the batch, for `after_batch` to note or forget.

    A batch is one transaction, so a crash leaves whole batches behind. Doing it again is safe: what is there already
    counts as unchanged and is not written. A column that the header does not name keeps what a client has; an empty
    tag removes it, and an empty operator code is the phone's digits 2 to 4. Where a time zone changes, messages not
    yet sent go by the new one.

    Reads and writes in turns: while it waits for the next line of a pipe, no transaction is open that others would wait
    for. Reading blocks the event loop, so this is for a process that does nothing else.
    """
    for batch in rows.batches():
        await store_batch(batch, rows.columns, totals)
        after_batch(batch)


async def store_batch(batch: Batch, columns: Collection[str], totals: ImportTotals) -> None:
    """Take one batch, in one transaction, and count its rows in `totals`. `columns` are those of the header."""
    if batch.clients:
        await _store(batch, columns, totals)
    totals.superseded += batch.superseded
    totals.rejected += batch.rejected


async def add_clients(clients: Sequence[NewClient]) -> int:
    """Add those whose phone nobody has and leave the others as they are; tells how many were added.

    At most a batch of them, no phone twice.
    """
    async with unit_of_work() as unit:
        await import_queries.stage_clients(clients)
        created = await import_queries.insert_staged()
    await _tell(unit.done_at, created, [])
    return len(created)


async def _store(batch: Batch, columns: Collection[str], totals: ImportTotals) -> None:
    async with unit_of_work() as unit:
        await lock_clients_for_change()
        await import_queries.stage_clients(batch.clients.values())
        created = await import_queries.insert_staged()
        changed = import_queries.Changed([], [])
        if len(created) < len(batch.clients):
            # Also those whom somebody else added since the insert looked: it waited for them.
            changed = await import_queries.update_from_staged(
                operator_codes="operator_code" in columns, tags="tag" in columns
            )
        redirected: Sequence[queries.OfMailing] = ()
        if changed.moved:
            open_mailings = await queries.lock_open_mailings(changed.moved)
            redirected = await queries.redirect_messages(changed.moved, open_mailings)
    totals.created += len(created)
    totals.updated += len(changed.ids)
    totals.unchanged += len(batch.clients) - len(created) - len(changed.ids)
    await _tell(unit.done_at, created, changed.ids)
    await journal.redirected(redirected, unit.done_at)


async def _tell(at: datetime, created: Sequence[int], updated: Sequence[int]) -> None:
    """A line for the batch, and one for each client that it has changed, as if each had been changed alone."""
    log.info("clients.imported", timestamp=at, created=len(created), updated=len(updated))
    for event, ids in (("client.created", created), ("client.updated", updated)):
        if ids:
            log.info(event, timestamp=at, by="import", each=Each(("client_id",), [(id,) for id in ids]))
