"""A database connection that is whole again before anybody else gets it."""

from typing import Any

import asyncpg

from mailing.db.discretion import leave_values_out


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """Remembers that a statement on it did not come to its end: a cancellation, its own timeout, an error.

    asyncpg prepares a statement first and says only when it executes it that the server need not wait for more. One
    that is cut off between the two (also by asyncpg itself, which checks parameters only then) leaves the server in a
    transaction, with locks on the statement's tables: the connection looks idle, and whoever wants to change such a
    table waits for it. Its errors quote no values.
    """

    is_cut_off = False

    async def _do_execute(self, *args: Any, **kwargs: Any) -> Any:
        """What all that fetch, and `execute` with arguments, `executemany` and `fetchmany` end up in.

        `execute` without arguments does not come by here: it prepares nothing. Nor do `prepare`, cursors and copying,
        which prepare and have the caller execute: nobody here may use them outside of a transaction.
        """
        try:
            return await super()._do_execute(*args, **kwargs)
        except BaseException as e:
            self.is_cut_off = True
            leave_values_out(e)
            raise

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Here only for what has no arguments, a COMMIT above all."""
        try:
            return await super().execute(*args, **kwargs)
        except asyncpg.PostgresError as e:
            leave_values_out(e)
            raise


async def reset(connection: Connection) -> None:
    """Ready a connection for the next one, without a round trip, as asyncpg would make after each statement.

    There is nothing to reset: nobody here sets anything for a session, listens, or locks beyond a transaction. Only
    what a cut-off statement has left is ended.
    """
    if connection.is_cut_off:
        await connection.execute("SELECT 1")
        connection.is_cut_off = False
