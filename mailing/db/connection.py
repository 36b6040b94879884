"""A database connection that is whole again before anybody else gets it."""

import asyncio
from typing import Any

import asyncpg


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """Remembers that a statement on it was cut off, by a cancellation or by its own timeout.

    asyncpg prepares a statement first and says only when it executes it that the server need not wait for more. One
    that is cut off between the two leaves the server in a transaction, with locks on the statement's tables: the
    connection looks idle, and whoever wants to change such a table waits for it.
    """

    is_cut_off = False

    async def _execute(self, *args: Any, **kwargs: Any) -> Any:
        """What all that fetch or execute with arguments end up in."""
        try:
            return await super()._execute(*args, **kwargs)
        except (asyncio.CancelledError, TimeoutError):
            self.is_cut_off = True
            raise


async def reset(connection: Connection) -> None:
    """Ready a connection for the next one, without a round trip, as asyncpg would make after each statement.

    There is nothing to reset: nobody here sets anything for a session, listens, or locks beyond a transaction. Only
    what a cut-off statement has left is ended.
    """
    if connection.is_cut_off:
        await connection.execute("SELECT 1")
        connection.is_cut_off = False
