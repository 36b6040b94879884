"""The counters of clients: exact at every moment, whoever writes clients, and however much of it is settled."""

import asyncio
from collections import Counter
from io import StringIO

import asyncpg
import pytest

from mailing.clients import audience_queries as module
from mailing.clients.audience import Audience, AudienceGroup
from mailing.clients.audience_queries import count_matching, read_audience, settle_counts
from mailing.clients.filter import ClientFilter
from mailing.clients.import_file import ImportTotals, add_clients, import_clients
from mailing.clients.import_rows import ClientRows
from mailing.clients.service import create_client, delete_client, update_client
from mailing.clients.validation import ClientChanges, NewClient
from mailing.db.unit_of_work import unit_of_work
from mailing.settings import Settings
from tests.conftest import Sql

EVERYBODY = ClientFilter()
FILTERS = (
    EVERYBODY,
    ClientFilter(operator_codes=("916",)),
    ClientFilter(tags=("a", "")),
    ClientFilter(("916", "926"), ("a",)),
    ClientFilter(("1",), ("a",)),
)


async def test_all_that_writes_clients_is_counted(sql: Sql) -> None:
    # Given clients who are created, imported, added, changed and deleted
    first = await create_client(NewClient(79160000001, "916", "a", "UTC"))
    second = await create_client(NewClient(79160000002, "916", "a", "UTC"))
    await _import("phone,tag,timezone\n79160000001,b,Asia/Omsk\n79260000003,a,UTC\n79260000004,,UTC\n")
    await add_clients([NewClient(79160000005, "916", "a", "UTC"), NewClient(79160000001, "1", "x", "UTC")])
    await update_client(second.id, ClientChanges(operator_code="926"))
    await update_client(second.id, ClientChanges(phone=79160000009))
    await delete_client(first.id)
    await sql("UPDATE client SET tag = 'a' WHERE tag = ''")
    # When none, a part and all of it is settled
    for steps in (0, 1, 1):
        await settle_counts(steps)
        # Then the counters say what the rows say
        await _agree(sql)
    assert (await read_audience(EVERYBODY)).total == 4
    assert await sql("SELECT FROM client_count_change") == []


async def test_what_nobody_has_any_more_is_not_kept(sql: Sql) -> None:
    client = await create_client(NewClient(79160000001, "916", "a", "UTC"))
    await settle_counts(1)
    assert await sql("SELECT clients FROM client_count") == [{"clients": 1}]
    await delete_client(client.id)

    assert await read_audience(EVERYBODY) == Audience(0, (), (), ())

    await settle_counts(1)
    for table in ("client_count", "client_property_count", "client_count_change"):
        assert await sql(f"SELECT * FROM {table}") == []


async def test_what_is_rolled_back_does_not_count(sql: Sql) -> None:
    async def fail() -> None:
        async with unit_of_work():
            await create_client(NewClient(79160000001, "916", "a", "UTC"))
            assert (await read_audience(EVERYBODY)).total == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    assert await read_audience(EVERYBODY) == Audience(0, (), (), ())
    assert await sql("SELECT FROM client_count_change") == []


@pytest.mark.usefixtures("database")
async def test_nobody_waits_for_another_who_writes_clients_of_the_same_kind(migrated: Settings) -> None:
    # Given a transaction that has added a client and is not over, as that of an import
    other = await asyncpg.connect(migrated.database_url)
    transaction = other.transaction()
    await transaction.start()
    await other.execute("INSERT INTO client (phone, operator_code, tag, timezone) VALUES (79160000001,'916','a','UTC')")
    # When another one is added, and the counters are settled, meanwhile
    async with asyncio.timeout(5):
        await create_client(NewClient(79160000002, "916", "a", "UTC"))
        await settle_counts(1)
    seen = await read_audience(EVERYBODY)
    await transaction.commit()
    await other.close()
    # Then each counted from its commit on
    assert [seen.total, (await read_audience(EVERYBODY)).total] == [1, 2]


async def test_counts_stay_exact_while_clients_come_and_go_and_two_settle(
    sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHANGES_A_STEP", 3)

    async def come_and_go(lane: int) -> None:
        for n in range(10):
            client = await create_client(NewClient(79160000000 + 100 * lane + n, "916", "ab"[n % 2], "UTC"))
            await update_client(client.id, ClientChanges(tag="c", timezone="Asia/Omsk"))
            if n % 3:
                await delete_client(client.id)

    async def settle() -> None:
        for _ in range(20):
            await settle_counts(2)

    await asyncio.gather(*(come_and_go(lane) for lane in range(4)), settle(), settle())

    await _agree(sql)
    await settle_counts(1000)
    await _agree(sql)
    assert (await read_audience(EVERYBODY)).by_tag == (AudienceGroup("c", 16),)


@pytest.mark.usefixtures("database")
async def test_who_cannot_settle_for_somebody_else_does_it_leaves_it_alone(sql: Sql, migrated: Settings) -> None:
    await create_client(NewClient(79160000001, "916", "a", "UTC"))
    other = await asyncpg.connect(migrated.database_url)
    async with other.transaction():
        await other.execute("SELECT pg_advisory_xact_lock((1::bigint << 48) + 2)")
        await settle_counts(1)
        assert len(await sql("SELECT FROM client_count_change")) == 1
    await other.close()

    await settle_counts(1)
    assert await sql("SELECT FROM client_count_change") == []


async def test_a_table_emptied_by_hand_counts_nobody(sql: Sql) -> None:
    await create_client(NewClient(79160000001, "916", "a", "UTC"))
    await settle_counts(1)
    await create_client(NewClient(79160000002, "916", "a", "UTC"))

    await sql("TRUNCATE client")

    assert await read_audience(EVERYBODY) == Audience(0, (), (), ())


async def _import(csv: str) -> None:
    await import_clients(ClientRows(StringIO(csv)), ImportTotals(), lambda _: None)


async def _agree(sql: Sql) -> None:
    """For each filter the counters say what counting the rows says."""
    rows = await sql("SELECT operator_code, tag, timezone FROM client")
    for matching in FILTERS:
        chosen = [
            row
            for row in rows
            if (not matching.operator_codes or row["operator_code"] in matching.operator_codes)
            and (not matching.tags or row["tag"] in matching.tags)
        ]
        expected = Audience(
            len(chosen),
            *(_groups(Counter(row[name] for row in chosen)) for name in ("operator_code", "tag", "timezone")),
        )
        assert await read_audience(matching) == expected
        assert await count_matching(matching) == len(chosen)
        assert await count_matching(matching, "^a") == sum(row["tag"].startswith("a") for row in chosen)


def _groups(counts: Counter[str]) -> tuple[AudienceGroup, ...]:
    return tuple(AudienceGroup(*pair) for pair in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
