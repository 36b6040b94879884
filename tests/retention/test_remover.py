"""Steps that take the messages of old mailings, whoever interrupts them."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from mailing.db.locks import try_lock_retention
from mailing.db.unit_of_work import unit_of_work
from mailing.delivery.removal import remove_deleted
from mailing.errors import MailingAlreadyEndedError
from mailing.mailings.service import delete_mailing, update_mailing
from mailing.mailings.validation import MailingChanges
from mailing.models.message import MessageStatus
from mailing.retention import queries, remover
from mailing.retention.queries import Waiting
from mailing.retention.remover import Remover, Step
from mailing.settings import Settings
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact
from tests.messages.stored import set_status, store_mailing, store_many
from tests.retention.mailings import (
    Left,
    end,
    events_of_removal,
    left_of,
    store_old_mailing,
    store_varied_mailing,
)

GONE = Left(messages=0, attempts=0, is_marked=True, is_emptied=True)


def before(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


async def remove(days: int = 30) -> Remover:
    """Everything that is older, without rests."""
    removing = Remover(before(days), days)
    while await removing.step() is Step.TAKEN:
        pass
    return removing


async def test_what_ended_too_long_ago_goes_and_all_else_stays(sql: Sql) -> None:
    # Given
    old = await store_old_mailing(sql, days_ago=30.1)
    older = await store_old_mailing(sql, days_ago=200, messages=8)
    young = await store_old_mailing(sql, days_ago=29.9)
    running = await store_mailing(sql)
    await store_many(sql, running, 3)
    await sql("UPDATE mailing SET started_at = now() - interval '1 year' WHERE id = $1", running)

    # When
    done = await remove(days=30)

    # Then
    assert (done.mailings, done.messages, done.attempts) == (2, 13, 16)
    assert [await left_of(sql, id) for id in (old, older)] == [GONE, GONE]
    assert await left_of(sql, young) == Left(5, 6, is_marked=False, is_emptied=False)
    assert await left_of(sql, running) == Left(3, 0, is_marked=False, is_emptied=False)
    assert await sql("SELECT count(*) AS attempts FROM delivery_attempt") == [{"attempts": 6}]
    assert await events_of_removal(sql) == [
        {"subject_id": older, "acted_by": None, "messages": 8, "days": 30},
        {"subject_id": old, "acted_by": None, "messages": 5, "days": 30},
    ]


async def test_a_removal_that_was_interrupted_is_taken_up_first_whatever_is_asked_for(
    sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given one of which a first piece is gone
    monkeypatch.setattr(remover, "MESSAGES_A_STEP", 2)
    mailing_id = await store_old_mailing(sql, days_ago=40)
    removing = Remover(before(30), 30)
    while removing.messages == 0:
        await removing.step()
    assert await left_of(sql, mailing_id) == Left(3, 4, is_marked=True, is_emptied=False)
    assert (await queries.what_waits(before(30))).messages == 3

    # When somebody comes for whom nothing is old enough
    finishing = Remover(ended_before=None)
    while await finishing.step() is Step.TAKEN:
        pass

    # Then
    assert await left_of(sql, mailing_id) == GONE
    assert (removing.messages, finishing.messages) == (2, 3)
    assert len(await events_of_removal(sql)) == 1


async def test_of_two_at_once_only_one_takes_a_step(sql: Sql, migrated: Settings) -> None:
    mailing_id = await store_old_mailing(sql, days_ago=40)
    other = await asyncpg.connect(migrated.database_url)
    try:
        async with unit_of_work():
            assert await try_lock_retention()
            assert not await other.fetchval("SELECT pg_try_advisory_xact_lock((1::bigint << 48) + 3)")
        async with other.transaction():
            await other.execute("SELECT pg_advisory_xact_lock((1::bigint << 48) + 3)")
            assert await Remover(before(30), 30).step() is Step.ELSEWHERE
    finally:
        await other.close()

    assert (await left_of(sql, mailing_id)).is_marked is False


async def test_a_message_that_somebody_has_locked_is_passed_by_and_taken_later(sql: Sql, migrated: Settings) -> None:
    # Given a client who is being deleted
    mailing_id = await store_old_mailing(sql, days_ago=40)
    other = await asyncpg.connect(migrated.database_url)
    try:
        async with other.transaction():
            await other.execute("UPDATE message SET phone = NULL WHERE client_id = 2")

            # When
            removing = Remover(before(30), 30)
            while removing.messages < 4:
                assert await removing.step() is Step.TAKEN
            for _ in range(5):
                assert await removing.step() is Step.TAKEN

            # Then it waits for nobody, and for that one it comes again
            assert await left_of(sql, mailing_id) == Left(1, 1, is_marked=True, is_emptied=False)
    finally:
        await other.close()
    while await removing.step() is Step.TAKEN:
        pass
    assert await left_of(sql, mailing_id) == GONE


async def test_what_a_silent_worker_still_holds_is_waited_for(sql: Sql) -> None:
    # Given a mailing that was cancelled while a worker, which died since, had messages in its hands
    mailing_id = await store_mailing(sql, status="CANCELLED", closed_as="CANCELLED")
    await store_many(sql, mailing_id, 3, MessageStatus.SENDING)
    await end(sql, mailing_id, days_ago=90)
    await sql("INSERT INTO delivery_slot (mailing_id, slot, token) VALUES ($1, 0, 64)", mailing_id)

    # When, Then: neither its messages alone, nor its slot alone
    await sql("UPDATE delivery_slot SET token = NULL")
    assert (await remove()).messages == 0
    await sql("UPDATE delivery_slot SET token = 64")
    await sql("UPDATE message SET status = 'UNCONFIRMED'")
    assert (await remove()).messages == 0
    await sql("UPDATE delivery_slot SET token = NULL")
    assert (await remove()).messages == 3
    assert await left_of(sql, mailing_id) == GONE


async def test_a_mailing_that_had_no_messages_is_not_said_to_have_lost_them(sql: Sql) -> None:
    mailing_id = await store_mailing(sql, status="CANCELLED", closed_as="CANCELLED", started_seconds_ago=None)
    await end(sql, mailing_id, days_ago=90)

    await remove()

    assert await left_of(sql, mailing_id) == Left(0, 0, is_marked=False, is_emptied=True)
    assert await events_of_removal(sql) == []
    assert await queries.oldest_mailing(before(30)) is None


async def test_what_waits_is_told_before_anything_is_removed(sql: Sql) -> None:
    first = await store_old_mailing(sql, days_ago=60, messages=7)
    last = await store_old_mailing(sql, days_ago=40, messages=4)
    await store_old_mailing(sql, days_ago=20)
    empty = await store_mailing(sql, status="CANCELLED", closed_as="CANCELLED")
    await end(sql, empty, days_ago=90)
    ends = {row["id"]: row["ended_at"] for row in await sql("SELECT id, ended_at FROM mailing")}

    assert await queries.what_waits(before(30)) == Waiting(2, 11, ends[first], ends[last])
    assert await queries.what_waits(before(100)) == Waiting(0, 0, None, None)


async def test_the_accounts_of_all_mailings_stay_exact(sql: Sql) -> None:
    # Given, beside it, another mailing to the same clients
    mailing_id = await store_varied_mailing(sql, days_ago=40)
    other = await store_mailing(sql)
    await store_many(sql, other, 20)
    await set_status(
        sql,
        [row["id"] for row in await sql("SELECT id FROM message WHERE mailing_id = $1 LIMIT 5", other)],
        MessageStatus.SENT,
    )
    counted = "SELECT * FROM {} WHERE mailing_id = $1 ORDER BY 2, 3, 4"
    tables = ("message_count", "history_tally", "ending_tally", "mailing_tally")
    kept = [await sql(counted.format(table), mailing_id) for table in tables]

    # When
    await remove()

    # Then
    assert [await sql(counted.format(table), mailing_id) for table in tables] == kept
    await assert_accounts_are_exact()


async def test_it_cannot_come_back_to_life(sql: Sql) -> None:
    mailing_id = await store_old_mailing(sql, days_ago=40)
    await remove()

    with pytest.raises(MailingAlreadyEndedError):
        await update_mailing(mailing_id, MailingChanges(ends_at=datetime.now(UTC) + timedelta(days=1)))
    with pytest.raises(Exception, match="mailing_without_messages_is_over"):
        await sql("UPDATE mailing SET status = 'RUNNING'")


async def test_it_can_be_deleted_half_way(sql: Sql, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    monkeypatch.setattr(remover, "MESSAGES_A_STEP", 2)
    mailing_id = await store_old_mailing(sql, days_ago=40)
    removing = Remover(before(30), 30)
    while removing.messages == 0:
        await removing.step()

    # When
    await delete_mailing(mailing_id)
    await remove_deleted(mailing_id)
    while await removing.step() is Step.TAKEN:
        pass

    # Then
    (left,) = await sql(
        """
        SELECT (SELECT count(*) FROM mailing) AS mailings, (SELECT count(*) FROM message) AS messages,
               (SELECT count(*) FROM delivery_attempt) AS attempts, (SELECT count(*) FROM message_count) AS counts
        """
    )
    assert left == {"mailings": 0, "messages": 0, "attempts": 0, "counts": 0}


async def test_attempts_are_found_by_their_index(sql: Sql, migrated: Settings) -> None:
    """A step of two thousand messages must not read through the attempts of all others."""
    mailing_id = await store_old_mailing(sql, days_ago=40, messages=300)
    await sql(
        """
        INSERT INTO delivery_attempt (message_id, number, started_at, outcome)
        SELECT 1000000 + n, 1, now(), 'ACCEPTED' FROM generate_series(1, 20000) n
        """
    )
    session = await asyncpg.connect(migrated.database_url)
    said: list[str] = []
    try:
        session.add_log_listener(lambda _, message: said.append(message.message))
        await session.execute("BEGIN; ANALYZE delivery_attempt; LOAD 'auto_explain'")
        await session.execute("SET auto_explain.log_min_duration = 0; SET auto_explain.log_level = 'notice'")
        await session.fetch(queries.REMOVE_PIECE.format(limit=200), mailing_id, 0)
        await session.execute("ROLLBACK")  # With what it has learned of the table.
    finally:
        await session.close()

    plan = next(text for text in said if "WITH gone" in text)
    assert "Index Scan using delivery_attempt_message on delivery_attempt" in plan
    assert "Seq Scan on delivery_attempt" not in plan
