"""The database is restored from a backup, Redis is empty: nothing is lost, and nothing repeated beyond the promise.

With real backups, by PostgreSQL's own programs, of a service that runs.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from redis.asyncio import Redis

from mailing.embedded.postgres import PostgresServer
from mailing.embedded.valkey import ValkeyServer
from tests.db.upgrades import migrate_to_the_newest
from tests.e2e.office import Office
from tests.e2e.outside import Addresses, Outside, Taken
from tests.gql_api.api import Api
from tests.infra.scale.databases import back_up, databases, read, restore
from tests.infra.scale.fleet import Fleet, environment, fleet

pytestmark = pytest.mark.xdist_group("restore")

CLIENTS = 400
SOME = 60
"""Messages after which a mailing is certainly in the middle."""
RATE = 200
_WAITING = "SELECT id FROM message WHERE status IN ('PENDING', 'SENDING')"


@pytest.fixture
async def outside(outside_addresses: Addresses) -> AsyncIterator[Outside]:
    async with aiohttp.ClientSession() as http:
        outside = Outside(http, outside_addresses.admin_url)
        await outside.play(idempotent=False)  # It takes whatever comes again, and tells.
        yield outside


async def test_a_restored_database_loses_nothing_and_repeats_only_what_was_sent_since_under_the_same_ids(
    postgres: PostgresServer, outside_addresses: Addresses, outside: Outside, valkey: ValkeyServer, redis: "Redis",
    tmp_path: Path,
) -> None:  # fmt: skip
    """In one story, for a service takes seconds to start: first the backup of a stopped service, then an older one."""
    older, last = tmp_path / "older", tmp_path / "last"
    with databases(postgres, "first_place", "second_place", "third_place") as (first, second, third):
        # Given a service in the middle of a mailing: a backup while it runs, and another once it was stopped
        await _set_up(first)
        with fleet(first, valkey.url, outside_addresses) as running:
            mailing = await _begun(_office(running, outside))
            back_up(first, older)
        back_up(first, last)

        # When the last one is restored, and Redis is empty
        restore(last, second)
        await redis.flushall()
        with fleet(second, valkey.url, outside_addresses) as running:
            office = _office(running, outside)
            result = await office.result(mailing, seconds=120)

            # Then it goes on where it stopped, by itself
            assert result == {"SENT": CLIENTS}
            assert Counter(one.id for one in await outside.taken()) == Counter(range(1, CLIENTS + 1))

            # Given another mailing, and then the loss of everything but the older backup
            await office.result(await office.create(text="lost", ends_in=600), seconds=120)
            running.crash()
        sent = await outside.taken()
        restore(older, third)
        await redis.flushall()
        waited = {row["id"] for row in await read(third, _WAITING)}

        # When
        said = _restored(third, valkey.url, outside_addresses)
        with fleet(third, valkey.url, outside_addresses) as running:
            office = _office(running, outside)
            await office.until_counts(mailing, PENDING=len(waited), seconds=120)  # Leases of before are taken back.

            # Then nothing is sent until somebody has looked
            assert "Mailings paused: 1." in said
            assert (await office.mailing(mailing, "status"))["status"] == "PAUSED"
            assert await outside.taken() == sent

            # When it is resumed, and the lost mailing is made anew
            await office.change("resumeMailing", id=mailing)
            again = await office.create(text="made anew", ends_in=600)
            results = [await office.result(one, seconds=120) for one in (mailing, again)]

    # Then everybody has everything, and twice came only what was in doubt, under the id that it had
    assert results == [{"SENT": CLIENTS}, {"SENT": CLIENTS}]
    taken = await outside.taken()
    assert {id for id, times in Counter(one.id for one in taken).items() if times > 1} == waited
    assert _meanings(taken) == 3 * CLIENTS


async def _set_up(url: str) -> None:
    migrate_to_the_newest(url)
    await read(
        url,
        f"""
        INSERT INTO client (phone, operator_code, tag, timezone)
        SELECT 79000000000 + i, '900', 'all', 'Europe/Moscow' FROM generate_series(1, {CLIENTS}) i
        """,
    )


def _office(running: Fleet, outside: Outside) -> Office:
    return Office(Api(outside.http, running.address), "all")


async def _begun(office: Office) -> str:
    """A mailing in the middle."""
    mailing = await office.create(text="first", ends_in=600, maxRate=RATE)
    await office.until_counts(mailing, SENT=SOME, seconds=120)
    return mailing


def _restored(url: str, redis_url: str, outside: Addresses) -> str:
    """`mailing restored --yes`; what it says."""
    env = {**os.environ, **environment(url, redis_url, outside)}
    argv = [sys.executable, "-P", "-m", "mailing", "restored", "--yes"]
    return subprocess.run(argv, env=env, check=True, timeout=120, text=True, stdout=subprocess.PIPE).stdout


def _meanings(taken: list[Taken]) -> int:
    """How many different messages came. Raises if two came under one id."""
    meanings = {(one.id, one.phone, one.text) for one in taken}
    assert len(meanings) == len({one.id for one in taken})
    return len(meanings)
