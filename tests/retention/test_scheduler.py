"""A scheduler process that removes old messages, and is killed meanwhile."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from mailing.retention.nightly import remove_due
from mailing.settings import Settings
from tests.backends import as_another, until_left
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact
from tests.retention.mailings import Left, events_of_removal, left_of, store_old_mailing
from tests.waiting import until

MANY = 6_000
"""Several steps' worth."""


async def _scheduler(settings: Settings, database_url: str, folder: Path) -> asyncio.subprocess.Process:
    assert settings.redis_url
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MAILING_")},
        "MAILING_DATABASE_URL": database_url,
        "MAILING_REDIS_URL": settings.redis_url,
        "MAILING_RETENTION_DAYS": "30",
    }
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mailing", "scheduler", cwd=folder, env=env, stdout=quiet, stderr=quiet
    )


async def test_one_that_is_killed_half_way_leaves_whole_steps_and_the_next_one_goes_on(
    migrated: Settings, sql: Sql, tmp_path: Path
) -> None:
    # Given
    old = await store_old_mailing(sql, days_ago=40, messages=MANY)
    young = await store_old_mailing(sql, days_ago=20)
    assert migrated.database_url
    url = await as_another(migrated.database_url)

    async def messages() -> int:
        return (await left_of(sql, old)).messages

    async def has_begun() -> bool:
        return await messages() < MANY

    # When one is killed on its way
    first = await _scheduler(migrated, url, tmp_path)
    try:
        await until(has_begun, seconds=60)
    finally:
        os.kill(first.pid, signal.SIGKILL)
        await first.wait()
        await until_left(url)
    # Then what is gone has gone with all of its attempts
    (orphans,) = await sql(
        "SELECT count(*) FROM delivery_attempt a WHERE NOT EXISTS (SELECT FROM message WHERE id = a.message_id)"
    )
    assert orphans == {"count": 0}

    # When two others come by at once, until nothing is left
    kept = migrated.model_copy(update={"retention_days": 30})
    while not (await left_of(sql, old)).is_emptied:
        await asyncio.gather(remove_due(kept), remove_due(kept))

    # Then all of it is done, once
    assert await left_of(sql, old) == Left(0, 0, is_marked=True, is_emptied=True)
    assert await left_of(sql, young) == Left(5, 6, is_marked=False, is_emptied=False)
    assert len(await events_of_removal(sql)) == 1
    assert await sql("SELECT count(*) FROM delivery_attempt") == [{"count": 6}]
    await assert_accounts_are_exact()
