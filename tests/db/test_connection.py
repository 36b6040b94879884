"""What a cancelled statement leaves behind: nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from tortoise.connection import get_connection

from mailing.db import orm
from mailing.db.unit_of_work import unit_of_work
from mailing.settings import Settings
from tests.conftest import Sql
from tests.waiting import until

Introspect = Callable[..., Awaitable[Any]]


async def test_a_statement_that_is_cut_off_before_it_is_executed_keeps_no_lock(
    sql: Sql, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a statement on a table that is prepared, and not yet executed
    prepared = asyncio.Event()

    async def never(*_: object, **__: object) -> None:
        prepared.set()
        await asyncio.Event().wait()

    statement = "SELECT count(*) AS of_a_statement_that_is_cut_off, $1::int4range FROM client"
    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.Connection, "_introspect_types", never)
        reading = asyncio.ensure_future(sql(statement, None))
        await prepared.wait()
        # When it is cancelled
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

    # Then nobody has to wait for the table
    await _lock_client_table(settings)


@pytest.mark.parametrize("way", ["fetch", "execute", "executemany", "fetchmany"])
async def test_a_statement_whose_parameter_turns_out_wrong_once_it_is_prepared_keeps_no_lock(
    database: None, settings: Settings, way: str
) -> None:
    # Given a parameter that asyncpg cannot send
    wrong = [["no number"]] if way.endswith("many") else "no number"

    # When
    async with get_connection("default").acquire_connection() as connection:
        with pytest.raises(asyncpg.DataError):
            await getattr(connection, way)(f"SELECT count(*) AS of_{way} FROM client WHERE id = $1", wrong)

    # Then its connection is at rest, and nobody has to wait for the table
    assert await _states(settings) == {"idle"}
    await _lock_client_table(settings)


async def test_a_statement_that_is_cancelled_ends_on_the_server_too(sql: Sql) -> None:
    # Given
    sleeping = [asyncio.ensure_future(sql("SELECT pg_sleep(60)")) for _ in range(3)]
    await until(lambda: _running(sql, 3))

    # When
    for task in sleeping:
        task.cancel()
    await asyncio.gather(*sleeping, return_exceptions=True)

    # Then
    await until(lambda: _running(sql, 0))
    assert _in_use() == 0


@pytest.mark.parametrize("where", [(asyncpg.Pool, "acquire"), (asyncpg.transaction.Transaction, "start")])
async def test_a_transaction_that_is_cut_off_while_it_begins_gives_its_connection_back(
    database: None, monkeypatch: pytest.MonkeyPatch, where: tuple[type, str]
) -> None:
    async def never(_: object) -> None:
        await asyncio.Event().wait()

    async def begin() -> None:
        async with unit_of_work():
            raise AssertionError("it has begun")

    # When more transactions than there are connections are cut off, waiting for one of these or for the server
    with monkeypatch.context() as patch:
        patch.setattr(*where, never)
        for _ in range(10):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(begin(), 0.02)

    # Then every connection is free, and statements run outside of a transaction again
    assert _in_use() == 0
    assert await orm.fetch_value("SELECT 1") == 1


async def _running(sql: Sql, count: int) -> bool:
    """Whether so many statements sleep."""
    (row,) = await sql("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(60)'")
    return bool(row["count"] == count)


async def _lock_client_table(settings: Settings) -> None:
    """Raises asyncpg.LockNotAvailableError if anybody else holds it."""
    other = await asyncpg.connect(settings.database_url)
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE client IN ACCESS EXCLUSIVE MODE NOWAIT")
    finally:
        await other.close()


async def _states(settings: Settings) -> set[str]:
    """What the connections of this process are doing, as the server sees it."""
    other = await asyncpg.connect(settings.database_url)
    try:
        rows = await other.fetch("SELECT state FROM pg_stat_activity WHERE application_name = 'mailing'")
    finally:
        await other.close()
    return {row["state"] for row in rows}


def _in_use() -> int:
    pool: Any = get_connection("default")._pool
    return int(pool.get_size() - pool.get_idle_size())
