"""Everything works through PgBouncer in transaction mode, where no two transactions need have the same connection."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from redis.asyncio import Redis

from mailing.db.migrate import known_migrations
from mailing.embedded.postgres import PostgresServer
from mailing.embedded.valkey import ValkeyServer
from tests.e2e.follower import whole_story
from tests.e2e.office import Office
from tests.e2e.outside import Addresses, Outside
from tests.gql_api.api import Api
from tests.infra.scale import bouncer
from tests.infra.scale.bouncer import until_it_answers
from tests.infra.scale.databases import databases
from tests.infra.scale.fleet import environment, fleet

pytestmark = [
    pytest.mark.skipif(not bouncer.PROGRAM, reason="pgbouncer is not installed"),
    pytest.mark.xdist_group("restore"),
]

CLIENTS = 300
UNPREPARED = {"MAILING_DATABASE_PREPARED_STATEMENTS": "false"}
FEWEST = 2
"""Connections to PostgreSQL with which all has to go on: a migration has one for its lock and one for its work."""

_SIGN_IN_AND_OUT = """
import asyncio
from datetime import timedelta
from mailing.db.orm import connected
from mailing.roles import Role
from mailing.sessions.records import Person
from mailing.sessions.service import begin_session, end_session, find_session
from mailing.settings import load_settings

async def main():
    async with connected(load_settings()):
        secret = await begin_session(Person("issuer", "ada", "Ada", Role.VIEWER, ""), timedelta(hours=1))
        print((await find_session(secret, "issuer")).name, (await end_session(secret)).subject)

asyncio.run(main())
"""


@pytest.fixture
async def outside(outside_addresses: Addresses) -> AsyncIterator[Outside]:
    async with aiohttp.ClientSession() as http:
        outside = Outside(http, outside_addresses.admin_url)
        await outside.forget()
        yield outside


@pytest.fixture
async def pooled(postgres: PostgresServer, server_dir: Path) -> AsyncIterator[str]:
    """The URL of an empty database behind PgBouncer."""
    folder = server_dir / "bouncer"
    folder.mkdir()
    with databases(postgres, "pooled") as (direct,), bouncer.bouncer(direct, folder, pool_size=FEWEST) as url:
        await until_it_answers(url)
        yield url


async def test_a_service_behind_pgbouncer_does_all_that_it_does_without(
    pooled: str, outside_addresses: Addresses, outside: Outside, valkey: ValkeyServer, redis: "Redis"
) -> None:
    env = os.environ | environment(pooled, valkey.url, outside_addresses) | UNPREPARED

    # When it is set up
    migrated = _run(env, "-m", "mailing", "migrate").splitlines()
    rows = [f"{79_000_000_000 + n},,all,Europe/Moscow" for n in range(CLIENTS)]
    imported = _run(env, "-m", "mailing", "import", "-", stdin="\n".join(["phone,operator_code,tag,timezone", *rows]))
    signed_in = _run(env, "-c", _SIGN_IN_AND_OUT)

    # Then
    assert migrated == known_migrations()
    assert imported.startswith(f"created {CLIENTS}, updated 0")
    assert signed_in.split() == ["Ada", "ada"]

    # When a mailing is followed, paused, resumed and comes to its end, and another is cancelled
    with fleet(pooled, valkey.url, outside_addresses, **UNPREPARED) as running:
        office = Office(Api(outside.http, running.address), "all")
        mailing = await office.create(ends_in=600, maxRate=150)
        following = asyncio.create_task(whole_story(office.api, mailing, seconds=120))
        await office.until_counts(mailing, SENT=30, seconds=120)
        await office.change("pauseMailing", id=mailing)
        await office.change("updateMailing", id=mailing, text="another", maxRate=None)
        await office.change("resumeMailing", id=mailing)
        result = await office.result(mailing, seconds=120)
        events = await following
        other = await office.create(starts_in=300, ends_in=600)
        await office.change("cancelMailing", id=other)
        statistics = await office.statistics(mailing)

    # Then nothing shows that there is a pooler
    assert result == {"SENT": CLIENTS}
    assert events[-1]["sent"] == CLIENTS
    assert statistics["byTag"][0]["total"] == CLIENTS
    assert len({one.id for one in await outside.taken()}) == len(await outside.taken()) == CLIENTS


def _run(env: dict[str, str], *arguments: str, stdin: str = "") -> str:
    argv = [sys.executable, "-P", *arguments]
    return subprocess.run(argv, env=env, input=stdin, check=True, timeout=120, text=True, stdout=subprocess.PIPE).stdout
