"""`mailing prune` as a person runs it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from mailing.settings import Settings
from tests.cli.program import mailing
from tests.conftest import Sql
from tests.retention.mailings import Left, events_of_removal, left_of, store_old_mailing
from tests.running import Ran

Mailing = Callable[..., Awaitable[Ran]]

GONE = Left(messages=0, attempts=0, is_marked=True, is_emptied=True)
KEPT = Left(messages=5, attempts=6, is_marked=False, is_emptied=False)
STAY = "The mailings stay, with their statistics, histories and timelines."


@pytest.fixture
def prune(settings: Settings, sql: Sql, tmp_path: Path) -> Mailing:
    """Runs `mailing prune` with arguments and environment; log lines are left out of what it says."""
    return partial(mailing, settings, tmp_path, "prune")


async def test_it_says_first_what_it_would_remove(prune: Mailing, sql: Sql) -> None:
    # Given
    old = await store_old_mailing(sql, days_ago=40)
    older = await store_old_mailing(sql, days_ago=50)
    days = [row["day"] for row in await sql("SELECT to_char(ended_at, 'YYYY-MM-DD') AS day FROM mailing ORDER BY 1")]

    # When
    by_option, by_setting, nothing = await asyncio.gather(
        prune("--dry-run", "--days", 30), prune("--dry-run", RETENTION_DAYS="45"), prune("--days", 60)
    )

    # Then
    assert by_option == Ran(
        0,
        f"To remove: 10 messages, and the tries to send them, of 2 mailings that ended from {days[0]} to {days[1]}.\n"
        f"{STAY}\n",
        "",
    )
    assert by_setting == Ran(
        0,
        f"To remove: 5 messages, and the tries to send them, of 1 mailing that ended on {days[0]}.\n{STAY}\n",
        "",
    )
    assert nothing == Ran(0, "Nothing to remove: no mailing that ended more than 60 days ago has messages.\n", "")
    assert [await left_of(sql, old), await left_of(sql, older)] == [KEPT, KEPT]


async def test_it_removes_where_it_is_told_to(prune: Mailing, sql: Sql) -> None:
    # Given
    old = await store_old_mailing(sql, days_ago=40)
    young = await store_old_mailing(sql, days_ago=20)

    # When
    ran = await prune("--days", 30, "--yes")

    # Then
    assert (ran.status, ran.errors) == (0, "")
    assert ran.output.splitlines()[2].startswith("Removed: 5 messages and 6 tries to send them. It took ")
    assert [await left_of(sql, old), await left_of(sql, young)] == [GONE, KEPT]
    (event,) = await events_of_removal(sql)
    assert event["days"] == 30
    assert event["acted_by"] is not None


async def test_what_is_missing_is_said(prune: Mailing, sql: Sql) -> None:
    mailing_id = await store_old_mailing(sql, days_ago=40)

    unset, alone = await asyncio.gather(prune(), prune("--days", 30))

    assert unset == Ran(1, "", "mailing: --days: must be given, for MAILING_RETENTION_DAYS is not set")
    assert (alone.status, alone.errors) == (
        1,
        "mailing: nobody can be asked here: give --yes to remove, or --dry-run to look",
    )
    assert await left_of(sql, mailing_id) == KEPT
