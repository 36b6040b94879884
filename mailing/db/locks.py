"""Advisory locks, each held to the end of the transaction. Always taken first, before any row.

Row locks alone cannot order what follows here: a selection locks counters and then the mailing, a closing
locks the mailing and then the counters. Nobody does either without the lock named for it.
"""

from mailing.db.orm import fetch, fetch_value

# Keys above 2^48 cannot be the id of a mailing.
_CLIENTS = (1 << 48) + 1
_CLIENT_COUNTS = (1 << 48) + 2
_RETENTION = (1 << 48) + 3
MAILING_ROWS = 1 << 49
"""Added to a mailing's id: the key of the queue for its row."""


async def lock_mailing_structure(mailing_id: int) -> None:
    """Alone with the mailing's audience: select it, edit its filter, close, cancel, delete. Sending goes on."""
    await fetch("SELECT pg_advisory_xact_lock($1)", mailing_id)


async def try_lock_mailing_structure(mailing_id: int) -> bool:
    """`lock_mailing_structure` for whoever must not wait: False, and no lock, if somebody else holds it."""
    return bool(await fetch_value("SELECT pg_try_advisory_xact_lock($1)", mailing_id))


async def queue_for_mailing_row(mailing_id: int) -> None:
    """Stand in line for the mailing's row, before pumps that come later. Taken right before the row is locked.

    PostgreSQL lets shared locks of a row overtake an exclusive one that waits: pumps whose statements overlap would
    hold off a pause, or a step of the selection, for seconds. So each of their statements takes this lock, shared,
    before the row, and advisory locks are granted in the order in which they are asked for.
    """
    await fetch("SELECT pg_advisory_xact_lock($1)", MAILING_ROWS + mailing_id)


async def lock_clients_for_change() -> None:
    """No selection reads clients while their phone or zone changes or they are deleted.

    Without it, a selection that runs meanwhile could write a message for a client who is being deleted.
    """
    await fetch("SELECT pg_advisory_xact_lock($1)", _CLIENTS)


async def lock_clients_for_selection() -> None:
    """Clients stay as they are until this transaction ends. Many may hold it at once."""
    await fetch("SELECT pg_advisory_xact_lock_shared($1)", _CLIENTS)


async def try_lock_client_counts() -> bool:
    """Nobody else moves counters of clients before this transaction ends. False, and no lock, if somebody else does."""
    return bool(await fetch_value("SELECT pg_try_advisory_xact_lock($1)", _CLIENT_COUNTS))


async def try_lock_retention() -> bool:
    """Nobody else removes old messages before this transaction ends. False, and no lock, if somebody else does."""
    return bool(await fetch_value("SELECT pg_try_advisory_xact_lock($1)", _RETENTION))
