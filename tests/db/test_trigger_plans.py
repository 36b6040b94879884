"""What triggers run is planned once in a session, and must do for any number of rows that come later."""

import re

import asyncpg
import pytest

from mailing.settings import Settings
from tests.conftest import Sql
from tests.messages.stored import store_mailing

PHONES = 79160000000
FEW = 12  # More than the five executions for which PostgreSQL makes a plan of its own.
MANY = 300


async def plans_of(settings: Settings, update: str, compared: str) -> list[str]:
    """How `compared` was run by the triggers of `update`, in a session that changed row after row before MANY at once.

    `update` gets the first and the last id.
    """
    said: list[str] = []
    session = await asyncpg.connect(settings.database_url)
    try:
        for first in range(1, FEW + 1):
            await session.execute(update.format(first=first, last=first))
        await session.execute(
            """
            LOAD 'auto_explain';
            SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on;
            SET auto_explain.log_level = 'notice'
            """
        )
        session.add_log_listener(lambda _, message: said.append(message.message))
        await session.execute(update.format(first=FEW + 1, last=FEW + MANY))
    finally:
        await session.close()
    return [text for text in said if re.search(compared, text, re.DOTALL) and "USING (id)" in text]


@pytest.mark.usefixtures("database")
async def test_many_clients_are_edited_without_comparing_each_with_all(migrated: Settings, sql: Sql) -> None:
    await sql(
        f"""
        INSERT INTO client (id, phone, operator_code, tag, timezone) OVERRIDING SYSTEM VALUE
        SELECT n, {PHONES} + n, '916', '', 'UTC' FROM generate_series(1, {FEW + MANY}) n
        """
    )

    (plan,) = await plans_of(
        migrated, "UPDATE client SET tag = 'a' WHERE id BETWEEN {first} AND {last}", "INSERT INTO event"
    )

    assert re.search("(Hash|Merge) Join", plan)
    assert "Nested Loop" not in plan


async def test_many_messages_are_written_without_comparing_each_with_all(migrated: Settings, sql: Sql) -> None:
    mailing_id = await store_mailing(sql)
    await sql(
        f"""
        INSERT INTO message (id, mailing_id, client_id, operator_code, tag, timezone) OVERRIDING SYSTEM VALUE
        SELECT n, {mailing_id}, n, '916', '', 'UTC' FROM generate_series(1, {FEW + MANY}) n
        """
    )

    (plan,) = await plans_of(
        migrated,
        "UPDATE message SET status = 'SENT', sent_at = now() WHERE id BETWEEN {first} AND {last}",
        "INSERT INTO mailing_tally",
    )

    assert re.search("(Hash|Merge) Join", plan)
    assert "Nested Loop" not in plan
