"""Deleted mailings: gone from every answer at once, and from every table soon after."""

import pytest

from mailing.delivery import removal
from mailing.delivery.removal import remove_deleted
from mailing.mailings.service import create_mailing, delete_mailing
from mailing.provider.fake import FakeProvider, Scenario
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact
from tests.delivery.conftest import Worker, new_mailing, run_mailing
from tests.delivery.stories import Clients, has_sent, work_slowly

EVERYTHING_OF_A_MAILING = """
    SELECT (SELECT count(*) FROM mailing) AS mailings, (SELECT count(*) FROM message) AS messages,
           (SELECT count(*) FROM delivery_attempt) AS attempts, (SELECT count(*) FROM delivery_slot) AS slots,
           (SELECT count(*) FROM message_count) AS counts, (SELECT count(*) FROM mailing_tally) AS tallies,
           (SELECT count(*) FROM mailing_text) AS texts, (SELECT count(*) FROM history_tally) AS history
"""


async def test_a_mailing_that_is_deleted_on_its_way_stops_and_leaves_nothing_behind(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    monkeypatch.setattr(removal, "MESSAGES_A_STEP", 100)
    await clients(600)
    work_slowly(worker)
    await provider.set_scenario(Scenario(latency_ms=50))
    mailing = await create_mailing(new_mailing())
    await worker.until(lambda: has_sent(mailing.id, 1))

    # When
    await delete_mailing(mailing.id)

    async def is_gone() -> bool:
        return not await sql("SELECT FROM mailing")

    await worker.until(is_gone)
    await worker.idle()

    # Then
    (left,) = await sql(EVERYTHING_OF_A_MAILING)
    assert set(left.values()) == {0}, left
    assert provider.ledger.unique < 600


async def test_other_mailings_keep_what_is_theirs(worker: Worker, clients: Clients, sql: Sql) -> None:
    # Given
    await clients(30)
    mailing = await run_mailing(worker)
    (before,) = await sql(EVERYTHING_OF_A_MAILING)

    # When
    other = await run_mailing(worker)
    await delete_mailing(other.id)
    await worker.idle()

    # Then
    (after,) = await sql(EVERYTHING_OF_A_MAILING)
    assert after == before
    assert await sql("SELECT DISTINCT mailing_id FROM message") == [{"mailing_id": mailing.id}]
    await assert_accounts_are_exact()


async def test_a_removal_that_stopped_half_way_is_taken_up_by_the_sweep(
    worker: Worker, clients: Clients, sql: Sql
) -> None:
    # Given a removal whose wake-up was lost
    await clients(30)
    mailing = await run_mailing(worker)
    worker.asleep = True
    await delete_mailing(mailing.id)
    worker.asleep = False
    await sql("DELETE FROM message WHERE id % 2 = 0")
    await sql("UPDATE mailing SET woken_at = now() - interval '6 seconds'")

    # When
    await worker.sweep()
    await worker.idle()

    # Then
    assert await sql("SELECT FROM mailing") == []
    assert await sql("SELECT FROM message") == []


async def test_a_mailing_that_is_not_deleted_is_not_removed(worker: Worker, clients: Clients, sql: Sql) -> None:
    # Given
    await clients(10)
    mailing = await run_mailing(worker)

    # When
    await remove_deleted(mailing.id)

    # Then
    assert len(await sql("SELECT FROM message")) == 10
