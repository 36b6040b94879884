"""What an import does to the database."""

import asyncio
import io
from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from mailing.clients import import_file, import_queries, import_rows
from mailing.clients.import_file import ImportTotals, import_clients
from mailing.clients.import_rows import Batch, ClientRows
from mailing.clients.validation import NewClient
from mailing.models.message import MessageStatus
from mailing.settings import Settings
from tests.conftest import Sql
from tests.messages.stored import store_mailing, store_message

MOSCOW, OMSK = "Europe/Moscow", "Asia/Omsk"
FILE = f"phone,operator_code,tag,timezone\n79160000001,916,vip,{MOSCOW}\n79030000002,,,{OMSK}\n"


@pytest.fixture
def batches_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_rows, "BATCH_ROWS", 2)


async def _import(text: str) -> ImportTotals:
    totals = ImportTotals()
    await import_clients(ClientRows(io.StringIO(text, newline="")), totals, lambda _: None)
    return totals


async def _clients(sql: Sql) -> list[tuple[int, str, str, str]]:
    rows = await sql("SELECT phone, operator_code, tag, timezone FROM client ORDER BY id")
    return [tuple(row.values()) for row in rows]


async def test_new_clients_are_added(sql: Sql) -> None:
    totals = await _import(FILE)

    assert totals == ImportTotals(created=2)
    assert await _clients(sql) == [(79160000001, "916", "vip", MOSCOW), (79030000002, "903", "", OMSK)]


async def test_a_second_run_finds_everything_unchanged_and_writes_nothing(sql: Sql) -> None:
    await _import(FILE)
    before = await sql("SELECT *, ctid, xmin, xmax FROM client ORDER BY id")

    totals = await _import(FILE)

    assert totals == ImportTotals(unchanged=2)
    assert await sql("SELECT *, ctid, xmin, xmax FROM client ORDER BY id") == before
    assert await sql("SELECT last_value FROM client_id_seq") == [{"last_value": 2}]


async def test_only_clients_who_differ_are_updated(sql: Sql) -> None:
    await _import(FILE)
    before = await sql("SELECT updated_at FROM client ORDER BY id")

    totals = await _import(FILE.replace("vip", "regular") + f"79990000003,,,{OMSK}\n")

    assert totals == ImportTotals(created=1, updated=1, unchanged=1)
    assert (await _clients(sql))[:2] == [(79160000001, "916", "regular", MOSCOW), (79030000002, "903", "", OMSK)]
    after = await sql("SELECT updated_at FROM client ORDER BY id LIMIT 2")
    assert after[0]["updated_at"] > before[0]["updated_at"]
    assert after[1] == before[1]


async def test_a_column_that_is_absent_keeps_what_is_there_and_an_empty_value_does_not(sql: Sql) -> None:
    await _import(f"phone,operator_code,tag,timezone\n79160000001,999,vip,{MOSCOW}\n")

    assert await _import(f"phone,timezone\n79160000001,{OMSK}\n") == ImportTotals(updated=1)
    assert await _clients(sql) == [(79160000001, "999", "vip", OMSK)]
    assert await _import(f"phone,tag,timezone\n79160000001,,{OMSK}\n") == ImportTotals(updated=1)
    assert await _clients(sql) == [(79160000001, "999", "", OMSK)]
    assert await _import(f"phone,operator_code,timezone\n79160000001,,{OMSK}\n") == ImportTotals(updated=1)
    assert await _clients(sql) == [(79160000001, "916", "", OMSK)]


@pytest.mark.usefixtures("batches_of_two")
async def test_of_a_repeated_phone_the_last_row_wins_within_a_batch_and_across_batches(sql: Sql) -> None:
    rows = [f"79160000001,{tag},{MOSCOW}" for tag in ("a", "b", "c", "d", "d")]

    totals = await _import("phone,tag,timezone\n" + "\n".join(rows))

    assert totals == ImportTotals(created=1, updated=1, unchanged=1, superseded=2)
    assert totals.rows == 5
    assert await _clients(sql) == [(79160000001, "916", "d", MOSCOW)]


async def test_bad_rows_do_not_stop_good_ones(sql: Sql) -> None:
    assert await _import(FILE + "7,,,\n7,,,\n") == ImportTotals(created=2, rejected=2)
    assert len(await _clients(sql)) == 2


@pytest.mark.usefixtures("batches_of_two")
async def test_a_crash_in_the_middle_leaves_whole_batches(sql: Sql, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"7916000000{n},{MOSCOW}" for n in range(6)]
    file, totals = ClientRows(io.StringIO("phone,timezone\n" + "\n".join(rows))), ImportTotals()
    insert, calls = import_queries.insert_staged, 0

    async def insert_and_die_in_the_second_batch() -> list[int]:
        nonlocal calls
        calls += 1
        created = await insert()
        if calls == 2:
            raise ConnectionResetError
        return created

    monkeypatch.setattr(import_queries, "insert_staged", insert_and_die_in_the_second_batch)
    with pytest.raises(ConnectionResetError):
        await import_clients(file, totals, lambda _: None)

    assert [phone for phone, *_ in await _clients(sql)] == [79160000000, 79160000001]
    assert totals == ImportTotals(created=2)


async def test_messages_not_yet_sent_follow_a_changed_zone(sql: Sql) -> None:
    await _import(FILE)
    running, paused = await store_mailing(sql), await store_mailing(sql, status="PAUSED")
    closed = await store_mailing(sql, closed_as="EXPIRED")
    deleted = await store_mailing(sql, deleted=True)
    for mailing in (running, paused, closed, deleted):
        await store_message(sql, mailing, 1)
    await store_message(sql, running, 2)
    sent = await store_mailing(sql)
    await store_message(sql, sent, 1, MessageStatus.SENT)

    await _import(f"phone,timezone\n79160000001,Asia/Tokyo\n79030000002,{OMSK}\n")

    messages = await sql("SELECT mailing_id, client_id, timezone FROM message ORDER BY id")
    assert [tuple(row.values()) for row in messages] == [
        (running, 1, "Asia/Tokyo"),
        (paused, 1, "Asia/Tokyo"),
        (closed, 1, MOSCOW),
        (deleted, 1, MOSCOW),
        (running, 2, MOSCOW),  # Its client's zone did not change; the message was stored with another one.
        (sent, 1, MOSCOW),
    ]
    counted = await sql(
        "SELECT value, sum(pending)::int AS n FROM message_count WHERE mailing_id = $1 AND dimension = 'timezone' "
        "GROUP BY value ORDER BY value",
        running,
    )
    assert [tuple(row.values()) for row in counted] == [("Asia/Tokyo", 1), (MOSCOW, 1)]


async def test_a_client_whom_somebody_else_adds_at_the_same_moment_gets_the_values_of_the_file(
    sql: Sql, settings: Settings
) -> None:
    # Given the same phone, added by a transaction that is not over
    other = await asyncpg.connect(settings.database_url)
    try:
        adding = other.transaction()
        await adding.start()
        await other.execute(
            "INSERT INTO client (phone, operator_code, tag, timezone) VALUES (79160000001, '1', '', 'UTC')"
        )
        # When the import comes to it and waits
        importing = asyncio.create_task(_import(FILE))
        await _until_somebody_waits_for(sql, other.get_server_pid())
        await adding.commit()
        # Then
        assert await importing == ImportTotals(created=1, updated=1)
    finally:
        await other.close()
    assert set(await _clients(sql)) == {(79160000001, "916", "vip", MOSCOW), (79030000002, "903", "", OMSK)}


async def test_each_batch_is_told_with_its_rejected_rows(database: None, batches_of_two: None) -> None:
    told: list[Batch] = []
    file = ClientRows(io.StringIO(FILE + "7,,,\n"))

    await import_clients(file, ImportTotals(), told.append)

    assert [(batch.rows, len(batch.rejections)) for batch in told] == [(2, 0), (1, 2)]


async def test_clients_who_are_there_already_are_left_alone_by_adding(sql: Sql) -> None:
    await _import(FILE)
    added = await import_file.add_clients(
        [NewClient(79160000001, "1", "x", "UTC"), NewClient(79160000009, "916", "x", "UTC")]
    )
    assert added == 1
    assert await _clients(sql) == [
        (79160000001, "916", "vip", MOSCOW),
        (79030000002, "903", "", OMSK),
        (79160000009, "916", "x", "UTC"),
    ]


async def _until_somebody_waits_for(sql: Sql, pid: int) -> None:
    async with asyncio.timeout(5):
        while True:
            rows: list[Mapping[str, Any]] = await sql(
                "SELECT FROM pg_stat_activity WHERE $1::int = ANY(pg_blocking_pids(pid))", pid
            )
            if rows:
                return
            await asyncio.sleep(0.01)
