"""Slots and leases: who holds which messages, and that nobody else can write about them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from mailing.delivery.claim_queries import claim, record
from mailing.delivery.messages import Claimed, Result, handed_back
from mailing.delivery.rescue import rescue_expired
from mailing.delivery.selection import select_audience
from mailing.delivery.slot_queries import Lease, release_slot, take_slot
from mailing.delivery.start import start_if_due
from mailing.mailings.service import cancel_mailing, create_mailing
from mailing.models.message import MessageStatus
from mailing.provider.protocol import Answer, Verdict
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact
from tests.delivery.conftest import counts, new_mailing
from tests.delivery.stories import Clients, everything

pytestmark = pytest.mark.usefixtures("forget_jobs")

LEASE = timedelta(seconds=30)
CRASH_LIMIT = 3
MAX_ATTEMPTS = 25


@pytest.fixture
async def mailing_id(clients: Clients) -> int:
    """A mailing that runs, with 10 messages to send and two slots."""
    await clients(10)
    mailing_id: int = (await create_mailing(new_mailing())).id
    await start_if_due(mailing_id, slots=2)
    await select_audience(mailing_id)
    return mailing_id


async def leased(mailing_id: int) -> Lease:
    lease = await take_slot(mailing_id, "worker", LEASE)
    assert lease is not None
    return lease


async def claimed(lease: Lease, limit: int) -> list[Claimed]:
    found = await claim(lease, LEASE, limit)
    assert found is not None
    return found[1]


async def fall_silent(sql: Sql, lease: Lease) -> None:
    """The worker's lease runs out."""
    await sql("UPDATE delivery_slot SET leased_until = now() - interval '1 second' WHERE token = $1", lease.token)


def accepted(message: Claimed) -> Result:
    answer = Answer(Verdict.ACCEPTED, "", datetime.now(UTC), 12, 200, 0)
    return Result(message, MessageStatus.SENT, answer=answer, text_version=1)


async def test_each_slot_has_one_holder_at_a_time(mailing_id: int) -> None:
    # When
    leases = await asyncio.gather(*(take_slot(mailing_id, f"worker {n}", LEASE) for n in range(6)))

    # Then
    taken = [lease.token for lease in leases if lease is not None]
    assert len(taken) == 2
    assert {token % 64 for token in taken} == {0, 1}


async def test_two_pumps_never_claim_the_same_message(mailing_id: int) -> None:
    # Given
    first, second = await leased(mailing_id), await leased(mailing_id)

    # When
    batches = await asyncio.gather(*(claimed(lease, 3) for lease in (first, second) * 3))

    # Then
    ids = [message.id for batch in batches for message in batch]
    assert len(ids) == len(set(ids)) == 10
    assert await counts(mailing_id) == {"sending": 10}


async def test_a_stale_token_writes_nothing(mailing_id: int, sql: Sql) -> None:
    # Given a worker whose messages another one has by now
    stale = await leased(mailing_id)
    messages = await claimed(stale, 10)
    await fall_silent(sql, stale)
    assert await rescue_expired(CRASH_LIMIT, MAX_ATTEMPTS) == 10
    fresh = await leased(mailing_id)
    assert len(await claimed(fresh, 10)) == 10
    before, attempts = await everything(), await sql("SELECT * FROM delivery_attempt")

    # Then
    assert await record(stale, LEASE, [accepted(message) for message in messages]) is None
    assert await claim(stale, LEASE, 10) is None
    await release_slot(stale)
    assert await everything() == before
    assert await sql("SELECT * FROM delivery_attempt") == attempts


async def test_a_result_touches_only_messages_of_its_own_lease(mailing_id: int, sql: Sql) -> None:
    # Given
    first, second = await leased(mailing_id), await leased(mailing_id)
    foreign = await claimed(first, 5)
    own = await claimed(second, 5)

    # When
    assert await record(second, LEASE, [accepted(message) for message in foreign + own]) is not None

    # Then
    assert await counts(mailing_id) == {"sending": 5, "sent": 5}
    assert await sql("SELECT count(*) AS n FROM delivery_attempt") == [{"n": 5}]
    await assert_accounts_are_exact()


async def test_the_same_result_twice_is_written_once(mailing_id: int, sql: Sql) -> None:
    # Given a write whose reply was lost
    lease = await leased(mailing_id)
    results = [accepted(message) for message in await claimed(lease, 10)]

    # When
    await record(lease, LEASE, results)
    await record(lease, LEASE, results)

    # Then
    assert await counts(mailing_id) == {"sent": 10}
    assert await sql("SELECT count(*) AS n FROM delivery_attempt") == [{"n": 10}]
    await assert_accounts_are_exact()


async def test_messages_that_are_handed_back_keep_their_tries(mailing_id: int, sql: Sql) -> None:
    # Given
    lease = await leased(mailing_id)
    messages = await claimed(lease, 10)

    # When
    await record(lease, LEASE, [handed_back(message) for message in messages])

    # Then
    assert await sql("SELECT DISTINCT status, attempts, lease_token FROM message") == [
        {"status": "PENDING", "attempts": 0, "lease_token": None}
    ]
    await assert_accounts_are_exact()


async def test_a_released_slot_is_free_unless_it_still_has_messages(mailing_id: int, sql: Sql) -> None:
    # Given
    with_messages, without = await leased(mailing_id), await leased(mailing_id)
    await claimed(with_messages, 1)

    # When
    await release_slot(with_messages)
    await release_slot(without)

    # Then
    assert await sql("SELECT token FROM delivery_slot WHERE token IS NOT NULL") == [{"token": with_messages.token}]


async def test_the_rescue_takes_back_what_a_silent_worker_held(mailing_id: int, sql: Sql) -> None:
    # Given
    silent, alive = await leased(mailing_id), await leased(mailing_id)
    await claimed(silent, 4)
    await claimed(alive, 3)
    await fall_silent(sql, silent)

    # When two sweeps do it at once
    taken_back = await asyncio.gather(
        rescue_expired(CRASH_LIMIT, MAX_ATTEMPTS), rescue_expired(CRASH_LIMIT, MAX_ATTEMPTS)
    )

    # Then nobody knows whether they were sent
    assert sum(taken_back) == 4
    assert await counts(mailing_id) == {"pending": 7, "sending": 3}
    assert await sql(
        """
        SELECT status, uncertain, crashes, attempts, count(*) AS n FROM message
        GROUP BY 1, 2, 3, 4 ORDER BY crashes, attempts
        """
    ) == [
        {"status": "PENDING", "uncertain": False, "crashes": 0, "attempts": 0, "n": 3},
        {"status": "SENDING", "uncertain": False, "crashes": 0, "attempts": 1, "n": 3},
        {"status": "PENDING", "uncertain": True, "crashes": 1, "attempts": 1, "n": 4},
    ]
    assert await sql("SELECT outcome, number, count(*) AS n FROM delivery_attempt GROUP BY 1, 2") == [
        {"outcome": "LOST", "number": 1, "n": 4}
    ]
    assert await sql("SELECT token FROM delivery_slot WHERE token IS NOT NULL") == [{"token": alive.token}]
    await assert_accounts_are_exact()


async def test_a_lease_that_was_renewed_meanwhile_is_not_rescued(mailing_id: int, sql: Sql) -> None:
    # Given
    lease = await leased(mailing_id)
    await claimed(lease, 4)
    await fall_silent(sql, lease)

    # When its worker comes back first
    assert await record(lease, LEASE, []) is not None

    # Then
    assert await rescue_expired(CRASH_LIMIT, MAX_ATTEMPTS) == 0
    assert await counts(mailing_id) == {"pending": 6, "sending": 4}


async def test_a_message_under_which_workers_keep_dying_is_set_aside(mailing_id: int, sql: Sql) -> None:
    # When
    for _ in range(CRASH_LIMIT):
        lease = await leased(mailing_id)
        await claimed(lease, 10)
        await fall_silent(sql, lease)
        await rescue_expired(CRASH_LIMIT, MAX_ATTEMPTS)

    # Then
    assert await counts(mailing_id) == {"unconfirmed": 10}
    assert await sql("SELECT DISTINCT status, reason, crashes, attempts FROM message") == [
        {"status": "UNCONFIRMED", "reason": "worker died", "crashes": CRASH_LIMIT, "attempts": CRASH_LIMIT}
    ]
    await assert_accounts_are_exact()


async def test_a_message_whose_worker_died_at_its_last_try_gets_no_other(mailing_id: int, sql: Sql) -> None:
    # Given
    await sql("UPDATE message SET attempts = $1 - 1 WHERE client_id = 1", MAX_ATTEMPTS)
    lease = await leased(mailing_id)
    await claimed(lease, 10)

    # When
    await fall_silent(sql, lease)
    await rescue_expired(CRASH_LIMIT, MAX_ATTEMPTS)

    # Then
    assert await counts(mailing_id) == {"pending": 9, "unconfirmed": 1}
    assert await sql("SELECT client_id, attempts FROM message WHERE status = 'UNCONFIRMED'") == [
        {"client_id": 1, "attempts": MAX_ATTEMPTS}
    ]
    await assert_accounts_are_exact()


async def test_what_a_dead_worker_held_of_a_cancelled_mailing_is_unconfirmed(mailing_id: int, sql: Sql) -> None:
    # Given
    lease = await leased(mailing_id)
    await claimed(lease, 4)
    await cancel_mailing(mailing_id)
    assert await counts(mailing_id) == {"cancelled": 6, "sending": 4}

    # When
    await fall_silent(sql, lease)
    await rescue_expired(CRASH_LIMIT, MAX_ATTEMPTS)

    # Then
    assert await counts(mailing_id) == {"cancelled": 6, "unconfirmed": 4}
    await assert_accounts_are_exact()


async def test_what_comes_back_to_a_closed_mailing_ends_as_it_was_closed(mailing_id: int, sql: Sql) -> None:
    # Given one message that may have been accepted, one that was not, and one that was
    lease = await leased(mailing_id)
    doubtful, refused, taken = await claimed(lease, 3)
    await cancel_mailing(mailing_id)
    unanswered = Answer(Verdict.UNANSWERED, "timeout", datetime.now(UTC), 12)

    # When
    await record(
        lease,
        LEASE,
        [
            Result(doubtful, MessageStatus.PENDING, uncertain=True, answer=unanswered, text_version=1),
            handed_back(refused),
            accepted(taken),
        ],
    )

    # Then
    assert await counts(mailing_id) == {"cancelled": 8, "unconfirmed": 1, "sent": 1}
    await assert_accounts_are_exact()


async def test_nothing_is_claimed_of_a_mailing_whose_end_has_come_though_nobody_closed_it(
    mailing_id: int, sql: Sql
) -> None:
    # Given
    lease = await leased(mailing_id)
    await sql("UPDATE mailing SET ends_at = now()")

    # When
    found = await claim(lease, LEASE, 10)

    # Then
    assert found is not None
    assert (found[0].may_send, found[1]) == (False, [])
