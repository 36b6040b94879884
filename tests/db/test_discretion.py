"""Real errors that quote a value, and what is left of it in their texts."""

import asyncio
import traceback
from typing import Any

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException

from mailing.db import orm
from mailing.db.unit_of_work import unit_of_work
from tests.conftest import Sql

SECRET = "79160001122"

INSERT = "INSERT INTO client (phone, operator_code, tag, timezone) VALUES ($1, $2, 'x', 'UTC')"


async def a_phone_that_is_there_already() -> None:
    for _ in range(2):
        await orm.fetch(INSERT, int(SECRET), "916")


async def a_row_without_a_value() -> None:
    await orm.fetch(INSERT, int(SECRET), None)


async def a_text_that_is_no_number() -> None:
    await orm.fetch("SELECT $1::text::date", SECRET)


async def a_text_that_is_too_long() -> None:
    await orm.fetch(INSERT, int(SECRET), SECRET * 10)


async def a_parameter_of_another_type() -> None:
    await orm.fetch("SELECT id FROM client WHERE phone = $1", SECRET)


async def a_parameter_whose_cause_quotes_it() -> None:
    await orm.fetch("SELECT $1::uuid", SECRET)


async def a_parameter_of_many() -> None:
    await get_connection("default").execute_many("SELECT id FROM client WHERE phone = $1", [[1], [SECRET]])


async def a_statement_without_parameters() -> None:
    await get_connection("default").execute_script(f"SELECT '{SECRET}'::date")


async def a_check_at_the_commit() -> None:
    async with unit_of_work():
        await orm.fetch(
            "CREATE TEMPORARY TABLE late (phone bigint UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP"
        )
        for _ in range(2):
            await orm.fetch("INSERT INTO late VALUES ($1)", int(SECRET))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("fails", "kind", "tells"),
    [
        (
            a_phone_that_is_there_already,
            asyncpg.UniqueViolationError,
            'duplicate key value violates unique constraint "',
        ),
        (
            a_row_without_a_value,
            asyncpg.NotNullViolationError,
            'null value in column "operator_code" of relation "client"',
        ),
        (a_text_that_is_no_number, asyncpg.DataError, "left out"),
        (a_text_that_is_too_long, asyncpg.StringDataRightTruncationError, "left out"),
        (a_parameter_of_another_type, asyncpg.DataError, "invalid input for query argument $1: "),
        (a_parameter_whose_cause_quotes_it, asyncpg.DataError, "invalid input for query argument $1: "),
        (a_parameter_of_many, asyncpg.DataError, "query argument $1 in element #1 of executemany() sequence: "),
        (a_statement_without_parameters, asyncpg.DataError, "left out"),
        (a_check_at_the_commit, asyncpg.UniqueViolationError, 'duplicate key value violates unique constraint "'),
    ],
)
async def test_no_text_of_an_error_quotes_a_value(fails: Any, kind: type[Exception], tells: str) -> None:
    # When
    with pytest.raises((asyncpg.PostgresError, BaseORMException)) as caught:
        await fails()

    # Then it tells what has happened, and nowhere to whom
    error = caught.value
    chain = [error, *([error.__cause__] if error.__cause__ else [])]
    assert isinstance(chain[-1], kind)
    told = "".join(traceback.format_exception(error))
    assert tells in told
    texts = [told, *(text for one in chain for text in (str(one), repr(one), repr({**vars(one), "query": None})))]
    assert [text for text in texts if SECRET in text] == []


async def test_a_deadlock_tells_who_waits_for_whom(sql: Sql) -> None:
    # Given two rows
    for phone in (79160000001, 79160000002):
        await sql(INSERT, phone, "916")
    both_hold = asyncio.Barrier(2)

    async def lock(*ids: int) -> None:
        async with unit_of_work():
            for id in ids:
                await orm.fetch("SELECT FROM client WHERE id = $1 FOR UPDATE", id)
                if id == ids[0]:
                    await both_hold.wait()

    # When two lock them in different order
    told = await asyncio.gather(lock(1, 2), lock(2, 1), return_exceptions=True)

    # Then
    (error,) = [one for one in told if one is not None]
    assert isinstance(error, asyncpg.DeadlockDetectedError)
    assert "waits for ShareLock on transaction" in str(error)
