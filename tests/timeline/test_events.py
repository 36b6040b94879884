"""What leaves an event: every change of a client or mailing by whatever statement, and nothing else."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from mailing.clients.import_file import add_clients as import_clients
from mailing.clients.service import create_client, delete_client, update_client
from mailing.clients.validation import NewClient, client_changes
from mailing.db.unit_of_work import unit_of_work
from mailing.origin import Origin, arising_from
from mailing.settings import Settings
from tests.conftest import Sql
from tests.gql_api.rows import add_clients, add_mailing, add_messages
from tests.waiting import until

ORIGIN = Origin("operation", "somebody")


async def _events(sql: Sql, subject: str = "client") -> list[tuple[str, Any]]:
    rows = await sql("SELECT kind, details FROM event WHERE subject = $1 ORDER BY at, id", subject)
    return [(row["kind"], json.loads(row["details"]) if row["details"] else None) for row in rows]


async def _who(sql: Sql) -> list[Mapping[str, Any]]:
    return await sql("SELECT acted_by, operation_id FROM event ORDER BY at, id")


async def test_a_client_leaves_who_did_what_and_old_and_new_values(sql: Sql) -> None:
    with arising_from(ORIGIN):
        client = await create_client(NewClient(79161234567, "916", "", "UTC"))
        await update_client(client.id, client_changes(phone="79260000000", tag="vip"))

    assert await _events(sql) == [
        ("CREATED", None),
        ("EDITED", {"changes": {"phone": [79161234567, 79260000000], "tag": ["", "vip"]}}),
    ]
    assert await _who(sql) == [{"acted_by": "somebody", "operation_id": "operation"}] * 2


async def test_what_the_service_does_by_itself_names_nobody_also_on_a_connection_that_named_somebody(sql: Sql) -> None:
    with arising_from(ORIGIN):
        async with unit_of_work():
            await add_clients(sql, 1)
    async with unit_of_work():
        await sql("UPDATE client SET tag = 'a'")
    await sql("UPDATE client SET tag = 'b'")

    nobody = {"acted_by": None, "operation_id": None}
    assert await _who(sql) == [{"acted_by": "somebody", "operation_id": "operation"}, nobody, nobody]


async def test_a_phone_does_not_outlive_its_client(sql: Sql, settings: Settings) -> None:
    first, second = await add_clients(sql, 2)
    for client, phone in ((first, "79260000001"), (second, "79260000002"), (first, "79260000003")):
        await update_client(client, client_changes(phone=phone))

    await delete_client(first)

    dump = "".join(str(dict(row)) for row in await sql("SELECT details::text FROM event WHERE subject_id = $1", first))
    assert not [phone for phone in ("79160000001", "79260000001", "79260000003") if phone in dump]
    gone = {"changes": {"phone": [None, None]}}
    last_values = {"operator_code": ["916", None], "tag": ["vip", None], "timezone": ["Europe/Moscow", None]}
    assert [event for event in await _events(sql) if event[0] != "CREATED"] == [
        ("EDITED", gone),
        ("EDITED", {"changes": {"phone": [79160000002, 79260000002]}}),
        ("EDITED", gone),
        ("DELETED", {"changes": {"phone": [None, None], **last_values}}),
    ]


async def test_a_phone_that_changes_while_its_client_is_being_deleted_is_forgotten_too(
    sql: Sql, settings: Settings
) -> None:
    (client,) = await add_clients(sql, 1)
    other = await asyncpg.connect(settings.database_url)
    change = other.transaction()
    await change.start()
    await other.execute("UPDATE client SET phone = 79990000000 WHERE id = $1", client)

    deleting = asyncio.ensure_future(sql("DELETE FROM client WHERE id = $1", client))
    await until(lambda: _someone_waits(sql))
    await change.commit()
    await deleting
    await other.close()

    assert await sql("SELECT FROM event WHERE details::text LIKE '%7999%' OR details::text LIKE '%7916%'") == []
    assert [kind for kind, _ in await _events(sql)] == ["CREATED", "EDITED", "DELETED"]


async def test_clients_of_a_file_leave_an_event_each(sql: Sql) -> None:
    await import_clients([NewClient(79160000000 + n, "916", "", "UTC") for n in range(300)])

    assert await sql("SELECT kind, count(*) FROM event GROUP BY kind") == [{"kind": "CREATED", "count": 300}]
    assert await sql("SELECT subject_id FROM event EXCEPT SELECT id FROM client") == []


async def test_what_changes_nothing_leaves_no_event(sql: Sql) -> None:
    (client,) = await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("RUNNING"))
    before = await sql("SELECT * FROM event")

    await update_client(client, client_changes(tag="vip"))
    await sql("UPDATE client SET updated_at = now(), tag = tag")
    await sql("UPDATE mailing SET woken_at = now(), selection_cursor = 7, revision = revision + 1, updated_at = now()")
    await sql("UPDATE provider_channel SET prober = 'somebody', probing_until = now()")
    await sql("UPDATE message SET status = 'SENDING'")

    assert await sql("SELECT * FROM event") == before


async def test_what_is_rolled_back_leaves_no_event(sql: Sql) -> None:
    async def fail() -> None:
        async with unit_of_work():
            await add_clients(sql, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await sql("SELECT FROM event") == []


async def test_events_of_one_client_have_the_order_in_which_they_were_committed(sql: Sql, settings: Settings) -> None:
    # Given a change whose transaction begins first and has to wait for another one
    (client,) = await add_clients(sql, 1)
    early, late = [await asyncpg.connect(settings.database_url) for _ in range(2)]
    first, second = early.transaction(), late.transaction()
    await first.start()
    await early.execute("SELECT now()")
    await second.start()
    await late.execute("UPDATE client SET tag = 'first to write'")

    # When
    waiting = asyncio.ensure_future(early.execute("UPDATE client SET tag = 'last to write'"))
    await second.commit()
    await waiting
    await first.commit()
    await early.close()
    await late.close()

    # Then
    tags = [details["changes"]["tag"] for kind, details in await _events(sql) if kind == "EDITED"]
    assert tags == [["vip", "first to write"], ["first to write", "last to write"]]
    assert client == 1


async def test_the_channel_leaves_why_it_is_held_and_when_it_is_released(sql: Sql) -> None:
    for state, cause, reason in (
        ("OPEN", "FAILURES", "10 of 20 failed"),
        ("HALF_OPEN", "FAILURES", "10 of 20 failed"),
        ("OPEN", "FAILURES", "HTTP 500"),
        ("OPEN", "TOKEN_REFUSED", "HTTP 401"),
        ("CLOSED", None, None),
    ):
        await sql("UPDATE provider_channel SET state = $1, cause = $2, reason = $3", state, cause, reason)

    assert await _events(sql, "channel") == [
        ("HELD", {"cause": "FAILURES", "reason": "10 of 20 failed"}),
        ("HELD", {"cause": "TOKEN_REFUSED", "reason": "HTTP 401"}),
        ("RELEASED", {}),
    ]


async def _someone_waits(sql: Sql) -> bool:
    return bool(await sql("SELECT 1 AS one FROM pg_locks WHERE NOT granted"))
