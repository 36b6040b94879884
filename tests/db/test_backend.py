"""The URL of the database means to the service what it means to libpq."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from mailing.db.backend import Client
from mailing.db.orm import tortoise_config
from mailing.settings import Settings
from tests.conftest import Sql

USER = "клиенты@office"
DATABASE = "mailing of the office"


@pytest.fixture
def folder(migrated: Settings) -> str:
    assert migrated.database_url is not None
    (folder,) = parse_qs(urlsplit(migrated.database_url).query)["host"]
    return folder


async def who_and_where(url: str) -> dict[str, str]:
    config = tortoise_config(Settings(database_url=url))["connections"]["default"]
    client = Client(**config["credentials"], connection_name="default")
    await client.create_connection(with_db=True)
    try:
        row: dict[str, str]
        (row,) = await client.execute_query_dict("SELECT current_user::text AS who, current_database()::text AS where")
    finally:
        await client.close()
    return row


async def test_what_is_percent_encoded_in_it_is_decoded(folder: str, sql: Sql) -> None:
    # Given
    await sql(f'CREATE ROLE "{USER}" LOGIN')
    await sql(f'CREATE DATABASE "{DATABASE}"')
    try:
        # When
        found = await who_and_where(f"postgres://{quote(USER)}@/{quote(DATABASE)}?host={folder}")
    finally:
        await sql(f'DROP DATABASE "{DATABASE}"')
        await sql(f'DROP ROLE "{USER}"')

    # Then
    assert found == {"who": USER, "where": DATABASE}


async def test_whom_and_what_it_does_not_name_stands_in_its_query_or_the_environment(
    folder: str, monkeypatch: pytest.MonkeyPatch, sql: Sql
) -> None:
    # Given
    (here,) = await sql("SELECT current_user::text AS who, current_database()::text AS where")
    monkeypatch.setenv("PGUSER", here["who"])

    # Then
    assert await who_and_where(f"postgres:///{here['where']}?host={folder}") == here
    assert await who_and_where(f"postgres://?host={folder}&port=5432&dbname={here['where']}") == here
