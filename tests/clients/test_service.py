"""What changing a client means for the messages that wait for it."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from mailing.clients import service
from mailing.clients.validation import NewClient, client_changes
from mailing.db.locks import lock_clients_for_selection
from mailing.db.unit_of_work import unit_of_work
from mailing.errors import NotFoundError, PhoneAlreadyRegisteredError
from mailing.settings import Settings
from tests.conftest import Sql
from tests.gql_api.rows import add_clients, add_mailing, add_messages

PHONE = 79160000001


async def _messages(sql: Sql) -> list[Mapping[str, Any]]:
    return await sql("SELECT phone, timezone, operator_code, status, reason FROM message ORDER BY id")


async def _counts(sql: Sql) -> Mapping[str, Any]:
    (row,) = await sql(
        """
        SELECT sum(pending)::int AS pending, sum(sending)::int AS sending, sum(cancelled)::int AS cancelled,
               sum(unconfirmed)::int AS unconfirmed
        FROM message_count WHERE dimension = ''
        """
    )
    return row


async def test_two_who_add_the_same_phone_at_once_make_one_client(sql: Sql) -> None:
    new = NewClient(PHONE, "916", "", "UTC")

    results = await asyncio.gather(*(service.create_client(new) for _ in range(8)), return_exceptions=True)

    refused = [result for result in results if isinstance(result, PhoneAlreadyRegisteredError)]
    assert len(refused) == 7
    (client,) = await sql("SELECT id, phone FROM client")
    assert client["phone"] == PHONE
    assert {error.client_id for error in refused} == {client["id"]}


async def test_two_who_take_the_same_phone_at_once_do_not_both_get_it(sql: Sql) -> None:
    ids = await add_clients(sql, 6)
    wanted = client_changes(phone="79999999999")

    results = await asyncio.gather(*(service.update_client(id, wanted) for id in ids), return_exceptions=True)

    refused = [result for result in results if isinstance(result, PhoneAlreadyRegisteredError)]
    assert len(refused) == 5
    (owner,) = await sql("SELECT id FROM client WHERE phone = 79999999999")
    assert {error.client_id for error in refused} == {owner["id"]}


async def test_a_phone_that_is_taken_leaves_the_transaction_usable(sql: Sql) -> None:
    first, second = await add_clients(sql, 2)

    async with unit_of_work():
        with pytest.raises(PhoneAlreadyRegisteredError):
            await service.update_client(second, client_changes(phone=str(PHONE)))
        await service.update_client(second, client_changes(tag="after"))

    assert [row["tag"] for row in await sql("SELECT tag FROM client ORDER BY id")] == ["vip", "after"]
    assert first == 1


async def test_a_new_phone_keeps_the_operator_code_and_reaches_messages_not_yet_sent_only(sql: Sql) -> None:
    (client,) = await add_clients(sql, 1)
    for status in ("PENDING", "SENDING", "SENT"):
        await add_messages(sql, await add_mailing("RUNNING"), status)

    changed = await service.update_client(
        client, client_changes(phone="79260000000", operator_code="45", timezone="Asia/Tokyo")
    )
    kept = await service.update_client(client, client_changes(phone="79260000001"))

    assert (changed.phone, changed.operator_code, changed.timezone) == (79260000000, "45", "Asia/Tokyo")
    assert kept.operator_code == "45"
    old = {"phone": PHONE, "timezone": "Europe/Moscow", "operator_code": "916", "reason": None}
    assert await _messages(sql) == [
        old | {"phone": 79260000001, "timezone": "Asia/Tokyo", "status": "PENDING"},
        old | {"phone": 79260000001, "timezone": "Asia/Tokyo", "status": "SENDING"},
        old | {"status": "SENT"},
    ]


async def test_a_new_phone_does_not_reach_mailings_that_are_over(sql: Sql) -> None:
    (client,) = await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("FINISHED", closed_as="EXPIRED"))
    await add_messages(sql, deleted := await add_mailing("RUNNING"))
    await sql("UPDATE mailing SET deleted_at = now() WHERE id = $1", deleted)

    await service.update_client(client, client_changes(phone="79260000000"))

    assert [row["phone"] for row in await _messages(sql)] == [PHONE, PHONE]


async def test_a_change_to_the_same_values_changes_nothing(sql: Sql) -> None:
    (client,) = await add_clients(sql, 1)
    (before,) = await sql("SELECT * FROM client")

    await service.update_client(client, client_changes(phone=str(PHONE), tag="vip"))

    assert await sql("SELECT * FROM client") == [before]


async def test_deleting_cancels_what_waits_and_takes_the_phone_from_all_messages(sql: Sql) -> None:
    (client,) = await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("RUNNING"))
    await add_messages(sql, await add_mailing("PAUSED"), uncertain=True)
    await add_messages(sql, await add_mailing("RUNNING"), "SENDING")
    await add_messages(sql, await add_mailing("FINISHED"), "SENT")
    await add_messages(sql, await add_mailing("FINISHED", closed_as="EXPIRED"))

    await service.delete_client(client)

    assert await sql("SELECT * FROM client") == []
    gone = {"phone": None, "timezone": "Europe/Moscow", "operator_code": "916", "reason": None}
    assert await _messages(sql) == [
        gone | {"status": "CANCELLED", "reason": "client deleted"},
        gone | {"status": "UNCONFIRMED", "reason": "client deleted"},
        gone | {"status": "SENDING"},
        gone | {"status": "SENT"},
        gone | {"status": "PENDING"},
    ]
    assert await _counts(sql) == {"pending": 1, "sending": 1, "cancelled": 1, "unconfirmed": 1}


async def test_a_mailing_that_is_being_closed_is_waited_for_and_keeps_its_messages(
    sql: Sql, settings: Settings
) -> None:
    (client,) = await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("RUNNING"))
    other = await asyncpg.connect(settings.database_url)
    closing = other.transaction()
    await closing.start()
    await other.execute("UPDATE mailing SET status = 'FINISHED', closed_as = 'EXPIRED'")

    deleting = asyncio.create_task(service.delete_client(client))
    await _until_someone_waits(sql)
    await closing.commit()
    await deleting
    await other.close()

    (message,) = await _messages(sql)
    assert (message["status"], message["phone"]) == ("PENDING", None)


async def test_a_selection_that_is_under_way_is_waited_for_and_its_messages_are_cancelled(sql: Sql) -> None:
    (client,) = await add_clients(sql, 1)
    mailing = await add_mailing("RUNNING")
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def select() -> None:
        async with unit_of_work():
            await lock_clients_for_selection()
            begun.set()
            await go_on.wait()
            await add_messages(sql, mailing)

    selecting = asyncio.create_task(select())
    await begun.wait()
    deleting = asyncio.create_task(service.delete_client(client))
    await _until_someone_waits(sql)
    go_on.set()
    await asyncio.gather(selecting, deleting)

    (message,) = await _messages(sql)
    assert (message["status"], message["phone"]) == ("CANCELLED", None)


async def test_an_unknown_client_is_not_found(sql: Sql) -> None:
    with pytest.raises(NotFoundError, match="client 7 does not exist"):
        await service.update_client(7, client_changes(tag="x"))
    with pytest.raises(NotFoundError, match="client 7 does not exist"):
        await service.delete_client(7)


async def test_clients_who_are_deleted_side_by_side_do_not_wait_for_each_other_for_ever(sql: Sql) -> None:
    ids = await add_clients(sql, 8)
    for _ in range(4):
        await add_messages(sql, await add_mailing("RUNNING"))

    async with asyncio.timeout(10):
        await asyncio.gather(*(service.delete_client(id) for id in ids))

    assert await _counts(sql) == {"pending": 0, "sending": 0, "cancelled": 32, "unconfirmed": 0}


async def _until_someone_waits(sql: Sql) -> None:
    deadline = time.monotonic() + 5
    while not await sql("SELECT 1 AS one FROM pg_locks WHERE NOT granted"):
        assert time.monotonic() < deadline, "nobody waits for a lock"
        await asyncio.sleep(0.01)
