"""Clients that are changed or deleted while a worker holds their messages."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from mailing.clients import queries
from mailing.clients.service import delete_client, update_client
from mailing.clients.validation import ClientChanges
from mailing.delivery.claim_queries import claim, record
from mailing.delivery.messages import Claimed, handed_back
from mailing.delivery.rescue_queries import take_back
from mailing.delivery.selection import select_audience
from mailing.delivery.slot_queries import Lease, take_slot
from mailing.delivery.start import start_if_due
from mailing.mailings.service import create_mailing
from mailing.settings import Settings
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact
from tests.delivery.conftest import new_mailing
from tests.delivery.stories import Clients
from tests.waiting import until

LEASE = timedelta(seconds=30)


async def all_claimed(clients: Clients) -> tuple[Lease, list[Claimed]]:
    """A mailing to three clients, whose messages a worker holds."""
    await clients(3)
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=1)
    await select_audience(mailing.id)
    lease = await take_slot(mailing.id, "worker", LEASE)
    assert lease is not None
    found = await claim(lease, LEASE, 10)
    assert found is not None
    return lease, found[1]


async def test_a_message_that_is_handed_back_while_its_client_is_deleted_is_cancelled(
    clients: Clients, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given: the worker hands back between the two statements of the deletion
    lease, messages = await all_claimed(clients)
    lock_open_mailings: Callable[[Sequence[int]], Awaitable[list[int]]] = queries.lock_open_mailings

    async def meanwhile(client_ids: Sequence[int]) -> list[int]:
        locked = await lock_open_mailings(client_ids)
        handing_back = record(lease, LEASE, [handed_back(message) for message in messages])
        await asyncio.get_running_loop().create_task(handing_back, context=Context())
        return locked

    monkeypatch.setattr(queries, "lock_open_mailings", meanwhile)

    # When
    await delete_client(1)

    # Then
    assert await sql("SELECT client_id, status, phone IS NULL AS forgotten FROM message ORDER BY client_id") == [
        {"client_id": 1, "status": "CANCELLED", "forgotten": True},
        {"client_id": 2, "status": "PENDING", "forgotten": False},
        {"client_id": 3, "status": "PENDING", "forgotten": False},
    ]
    await assert_accounts_are_exact()


async def test_the_next_try_of_a_message_in_flight_goes_to_the_new_phone_by_the_new_zone(
    clients: Clients, sql: Sql
) -> None:
    # Given
    lease, messages = await all_claimed(clients)

    # When
    await update_client(1, ClientChanges(phone=79_990_000_000, timezone="Asia/Omsk"))
    await record(lease, LEASE, [handed_back(message) for message in messages])

    # Then
    assert await sql("SELECT phone, timezone, status FROM message WHERE client_id = 1") == [
        {"phone": 79_990_000_000, "timezone": "Asia/Omsk", "status": "PENDING"}
    ]
    await assert_accounts_are_exact()


async def test_a_message_that_comes_back_when_its_client_is_gone_says_why_it_ended(clients: Clients, sql: Sql) -> None:
    # Given
    lease, messages = await all_claimed(clients)
    await delete_client(1)

    # When
    await record(lease, LEASE, [handed_back(message) for message in messages])

    # Then
    assert await sql("SELECT client_id, status, reason FROM message ORDER BY client_id") == [
        {"client_id": 1, "status": "CANCELLED", "reason": "client deleted"},
        {"client_id": 2, "status": "PENDING", "reason": None},
        {"client_id": 3, "status": "PENDING", "reason": None},
    ]
    await assert_accounts_are_exact()


@pytest.mark.parametrize("step", ["import", "record", "rescue"])
async def test_whoever_locks_several_messages_takes_them_by_their_ids(
    step: str, clients: Clients, sql: Sql, settings: Settings
) -> None:
    """Otherwise an import that moves clients, and the workers that send to them, would stop each other for seconds."""
    # Given messages that a worker holds, whose clients, places and results are in the other order than their ids
    lease, messages = await all_claimed(clients)
    await sql("UPDATE message SET id = 100 - id WHERE id IN (SELECT id FROM message ORDER BY id)")
    swapped = [replace(message, id=100 - message.id) for message in messages]
    first, *others = sorted(message.id for message in swapped)
    results = [handed_back(message) for message in sorted(swapped, key=lambda message: -message.id)]
    steps: dict[str, Callable[[], Awaitable[object]]] = {
        "import": lambda: queries.redirect_messages([1, 2, 3], [lease.mailing_id]),
        "record": lambda: record(lease, LEASE, results),
        "rescue": lambda: take_back(lease.mailing_id, lease.token, 3, 10),
    }
    other = await asyncpg.connect(settings.database_url)
    try:
        async with other.transaction():
            await other.execute("SELECT FROM message WHERE id = $1 FOR UPDATE", first)

            # When
            waiting = asyncio.create_task(steps[step]())
            await until(lambda: _somebody_waits_for(sql, other.get_server_pid()))

            # Then it has none of the others while it waits for the first
            await other.execute("SELECT FROM message WHERE id = ANY($1::bigint[]) FOR UPDATE NOWAIT", others)
        await waiting
    finally:
        await other.close()


async def _somebody_waits_for(sql: Sql, pid: int) -> bool:
    return bool(await sql("SELECT FROM pg_stat_activity WHERE $1::int = ANY(pg_blocking_pids(pid))", pid))
