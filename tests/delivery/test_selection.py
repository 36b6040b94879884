"""Who gets a message: exactly those who match, exactly one each, however the selection is interrupted."""

import asyncio
from contextvars import Context
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from mailing.clients.service import delete_client
from mailing.db import orm
from mailing.delivery import selection, selection_queries
from mailing.delivery.ending import expire
from mailing.delivery.selection import select_audience
from mailing.delivery.start import start, start_if_due
from mailing.mailings.service import cancel_mailing, create_mailing, update_mailing
from mailing.mailings.validation import MailingChanges
from mailing.settings import Settings
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact
from tests.delivery.conftest import Worker, counts, new_mailing
from tests.delivery.stories import Clients
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("forget_jobs")


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "CLIENTS_A_STEP", 30)


async def started(**changes: object) -> int:
    """A mailing that runs and has not selected anybody yet."""
    mailing_id: int = (await create_mailing(new_mailing(**changes))).id
    assert await start_if_due(mailing_id, slots=4)
    return mailing_id


@pytest.mark.parametrize(
    ("operator_codes", "tags", "condition"),
    [
        ((), (), "true"),
        (("901",), (), "operator_code = '901'"),
        (("901", "902"), (), "operator_code IN ('901', '902')"),
        ((), ("vip",), "tag = 'vip'"),
        (("901", "902"), ("vip",), "operator_code IN ('901', '902') AND tag = 'vip'"),
        (("901", "902"), ("vip", "new"), "operator_code IN ('901', '902')"),
        (("555",), ("vip",), "false"),
    ],
)
async def test_the_filter_chooses(
    clients: Clients, sql: Sql, operator_codes: tuple[str, ...], tags: tuple[str, ...], condition: str
) -> None:
    # Given
    await clients(100)

    # When
    mailing_id = await started(operator_codes=operator_codes, tags=tags)
    await select_audience(mailing_id)

    # Then each message holds what is known of its client
    columns = "phone, operator_code, tag, timezone"
    chosen = await sql(f"SELECT id AS client_id, {columns} FROM client WHERE {condition} ORDER BY id")
    assert await sql(f"SELECT client_id, {columns} FROM message ORDER BY client_id") == chosen
    assert await sql("SELECT selected_at IS NOT NULL AS complete, status FROM mailing") == [
        {"complete": True, "status": "RUNNING" if chosen else "FINISHED"}
    ]
    await assert_accounts_are_exact()


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("audience", [29, 30, 31, 60, 100])
async def test_many_steps_select_everyone_once(clients: Clients, sql: Sql, audience: int) -> None:
    # Given
    await clients(audience)

    # When
    mailing_id = await started()
    await select_audience(mailing_id)

    # Then
    assert await counts(mailing_id) == {"pending": audience}
    assert await sql("SELECT count(DISTINCT client_id) AS n FROM message") == [{"n": audience}]
    await assert_accounts_are_exact()


@pytest.mark.usefixtures("small_steps")
async def test_a_selection_that_crashed_goes_on_where_it_was(
    clients: Clients, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    await clients(100)
    mailing_id = await started()

    # When
    with monkeypatch.context() as patch:
        crash_in_step(3, patch)
        with pytest.raises(ConnectionResetError):
            await select_audience(mailing_id)

    # Then
    assert await counts(mailing_id) == {"pending": 60}
    assert await sql("SELECT selected_at, selection_cursor FROM mailing") == [
        {"selected_at": None, "selection_cursor": 60}
    ]
    await select_audience(mailing_id)
    assert await counts(mailing_id) == {"pending": 100}
    await assert_accounts_are_exact()


@pytest.mark.usefixtures("small_steps")
async def test_several_selections_at_once_do_no_harm(clients: Clients, sql: Sql) -> None:
    # Given
    await clients(200)
    mailing_id = await started()

    # When
    await asyncio.gather(*(start(mailing_id, slots=4) for _ in range(5)))

    # Then
    assert await counts(mailing_id) == {"pending": 200}
    assert await sql("SELECT count(DISTINCT client_id) AS n FROM message") == [{"n": 200}]
    await assert_accounts_are_exact()


@pytest.mark.usefixtures("small_steps")
async def test_a_mailing_whose_end_comes_during_the_selection_accounts_for_everyone(
    clients: Clients, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    await clients(100)
    mailing_id = await started()

    # When
    with monkeypatch.context() as patch:
        crash_in_step(2, patch)
        with pytest.raises(ConnectionResetError):
            await select_audience(mailing_id)
    await expire(mailing_id)
    assert await counts(mailing_id) == {"expired": 30}
    await select_audience(mailing_id)

    # Then
    assert await counts(mailing_id) == {"expired": 100}
    assert await sql("SELECT status, closed_as FROM mailing") == [{"status": "FINISHED", "closed_as": "EXPIRED"}]
    await assert_accounts_are_exact()


async def test_a_cancellation_that_comes_in_the_middle_of_a_step_waits_for_it(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise it would not see what the step has written, and nobody would ever account for that."""
    # Given
    await clients(10)
    mailing_id = await started()
    add_matching, ends = selection_queries.add_matching, []

    async def end_meanwhile(chosen: selection_queries.Selection, limit: int) -> tuple[int, selection_queries.Written]:
        ends.append(asyncio.get_running_loop().create_task(cancel_mailing(mailing_id), context=Context()))
        await until(somebody_waits)
        return await add_matching(chosen, limit)

    # When
    monkeypatch.setattr(selection_queries, "add_matching", end_meanwhile)
    await select_audience(mailing_id)
    await asyncio.gather(*ends)

    # Then
    assert await counts(mailing_id) == {"cancelled": 10}
    await assert_accounts_are_exact()


async def test_an_end_that_comes_while_a_changed_filter_is_applied_accounts_for_everyone(
    clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(100)
    mailing_id = await started(tags=("vip",))
    await select_audience(mailing_id)
    await update_mailing(mailing_id, MailingChanges(tags=(), operator_codes=("901", "902", "903")))

    # When
    await expire(mailing_id)
    await select_audience(mailing_id)

    # Then 10 of the 50 still match, 20 more came in, and the others were left out
    assert await sql("SELECT status FROM mailing") == [{"status": "FINISHED"}]
    ended = await counts(mailing_id)
    assert ended.keys() == {"expired", "cancelled"}
    assert sum(ended.values()) == 50 + await number(sql, "operator_code IN ('901', '902', '903') AND tag <> 'vip'")
    await assert_accounts_are_exact()


@pytest.mark.usefixtures("small_steps")
async def test_clients_who_come_and_go_meanwhile_leave_no_message_without_a_client(clients: Clients, sql: Sql) -> None:
    # Given
    await clients(200)
    mailing_id = await started()
    gone = [*range(1, 200, 20)]

    # When
    await asyncio.gather(
        select_audience(mailing_id), *(delete_client(client_id) for client_id in gone), clients_more(sql)
    )

    # Then whoever was deleted has no message, or one that was withdrawn
    assert (
        await sql(
            """
        SELECT m.client_id FROM message m LEFT JOIN client c ON c.id = m.client_id
        WHERE c.id IS NULL AND (m.status <> 'CANCELLED' OR m.phone IS NOT NULL)
        """
        )
        == []
    )
    assert await number(sql, "id <= 200 AND NOT EXISTS (SELECT FROM message WHERE client_id = client.id)") == 0
    await assert_accounts_are_exact()


async def test_a_selection_waits_for_a_client_who_is_being_changed(
    clients: Clients, sql: Sql, settings: Settings
) -> None:
    # Given a change of clients that has not been committed
    await clients(10)
    mailing_id = await started()
    other = await asyncpg.connect(settings.database_url)
    change = other.transaction()
    await change.start()
    await other.execute("SELECT pg_advisory_xact_lock($1)", (1 << 48) + 1)
    await other.execute("DELETE FROM client WHERE id = 1")

    # When
    selecting = asyncio.create_task(select_audience(mailing_id))
    await until(somebody_waits)
    await change.commit()
    await other.close()
    await selecting

    # Then
    assert await counts(mailing_id) == {"pending": 9}


async def test_nobody_is_selected_for_a_mailing_that_has_not_begun(clients: Clients, worker: Worker) -> None:
    # Given
    await clients(10)
    mailing = await create_mailing(new_mailing(starts_at=datetime.now(UTC) + timedelta(minutes=30)))

    # When
    await start(mailing.id, slots=4)

    # Then
    assert await counts(mailing.id) == {}


def crash_in_step(number: int, patch: pytest.MonkeyPatch) -> None:
    """The database goes away at the end of that step of the selection, before its commit."""
    add_matching, steps = selection_queries.add_matching, 0

    async def count_steps(chosen: selection_queries.Selection, limit: int) -> tuple[int, selection_queries.Written]:
        nonlocal steps
        steps += 1
        found = await add_matching(chosen, limit)
        if steps == number:
            raise ConnectionResetError
        return found

    patch.setattr(selection_queries, "add_matching", count_steps)


async def number(sql: Sql, condition: str) -> int:
    (row,) = await sql(f"SELECT count(*)::int AS n FROM client WHERE {condition}")
    count: int = row["n"]
    return count


async def clients_more(sql: Sql) -> None:
    for n in range(20):
        await sql(
            "INSERT INTO client (phone, operator_code, tag, timezone) VALUES ($1, '900', '', 'Europe/Moscow')",
            79_100_000_000 + n,
        )


async def somebody_waits() -> bool:
    return bool(await orm.fetch("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))
