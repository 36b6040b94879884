"""One transaction, and what happens once it has committed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.exceptions import TransactionManagementError
from tortoise.transactions import in_transaction

from mailing import origin
from mailing.db.orm import fetch

AfterCommit = Callable[[], Awaitable[None]]

_waiting: ContextVar[list[AfterCommit] | None] = ContextVar("after_commit", default=None)


@dataclass(slots=True)
class UnitOfWork:
    """One that has begun."""

    done_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When all was done but the commit: the time of its lines in the log, for others go on right after the commit."""


@asynccontextmanager
async def unit_of_work() -> AsyncIterator[UnitOfWork]:
    """Everything inside commits together or not at all; what was noted with `after_commit` runs after the commit.

    Tortoise has no hook for "after commit", hence this. A unit of work inside another joins it. The database is told
    whence the work arises, for the audit events that it records.
    """
    unit = UnitOfWork()
    if _waiting.get() is not None:
        yield unit
        unit.done_at = datetime.now(UTC)
        return
    waiting: list[AfterCommit] = []
    token = _waiting.set(waiting)
    try:
        async with _transaction():
            await _tell_origin()
            yield unit
            unit.done_at = datetime.now(UTC)
    finally:
        _waiting.reset(token)
    for action in waiting:
        await action()


async def after_commit(action: AfterCommit) -> None:
    """Run `action` when the current unit of work has committed, never if it rolls back; at once outside of one.

    `action` must not raise: what it was noted for has happened already.
    """
    waiting = _waiting.get()
    if waiting is None:
        await action()
    else:
        waiting.append(action)


async def _tell_origin() -> None:
    """For this transaction only, so that a pooled connection takes nobody's name along."""
    whence = origin.current()
    if whence is not None:
        await fetch(
            "SELECT set_config('mailing.user', $1, true), set_config('mailing.operation_id', $2, true)",
            whence.user or "",
            whence.operation_id,
        )


@asynccontextmanager
async def _transaction() -> AsyncIterator[None]:
    """Tortoise's, which would keep its connection for good if it were cut off while it begins."""
    transaction = in_transaction("default")
    client = transaction.client
    assert isinstance(client, TransactionWrapper)
    async with AsyncExitStack() as parts:
        try:
            await transaction.__aenter__()
        except BaseException as e:
            # Made on a connection, in the same step in which that is had. Before that there is nothing to give back.
            if client.transaction is not None:
                # This kind of error says that there is nothing to roll back.
                await transaction.__aexit__(TransactionManagementError, e, e.__traceback__)
            raise
        parts.push_async_exit(transaction)
        yield
