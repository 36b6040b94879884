"""The connection to PostgreSQL."""

import asyncpg
import pytest

from mailing.db import orm
from mailing.settings import Settings


@pytest.mark.usefixtures("database")
async def test_a_statement_is_one_round_trip(settings: Settings) -> None:
    # When
    await orm.fetch("SELECT 'the statement'")

    # Then nothing came after it on its connection
    other = await asyncpg.connect(settings.database_url)
    try:
        last = await other.fetch(
            "SELECT query FROM pg_stat_activity WHERE application_name = 'mailing' ORDER BY query_start DESC LIMIT 1"
        )
    finally:
        await other.close()
    assert [row["query"] for row in last] == ["SELECT 'the statement'"]
