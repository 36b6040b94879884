"""A connection of which no transaction waits long for a lock, and each works as long as it takes."""

from typing import Any

from asyncpg.transaction import Transaction

from mailing.db.connection import Connection

LOCK_TIMEOUT_MS = 500
"""Who waits for a whole table holds up all who come after. Shorter than PostgreSQL's deadlock_timeout of 1 s, so that
where it waits for others and they for it, it is the migration that gives way."""


class MigratingConnection(Connection):
    """Its transactions raise asyncpg.LockNotAvailableError where they would wait longer."""

    def transaction(self, **options: Any) -> "_BriefWaits":
        isolation, readonly, deferrable = (options.get(name) for name in ("isolation", "readonly", "deferrable"))
        return _BriefWaits(self, isolation, bool(readonly), bool(deferrable))


class _BriefWaits(Transaction):  # type: ignore[misc]  # asyncpg has no types
    async def start(self) -> None:
        await super().start()
        # For this transaction only: a setting of the session would stay with a pooler's connection.
        await self._connection.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = 0")
