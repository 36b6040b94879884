"""Statistics: exact at every moment, whatever happened to the messages."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from mailing.messages.queries import messages_of_mailings
from mailing.messages.status import CLOSED_AS
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.paging import Slice
from mailing.progress.queries import read_progress
from mailing.statistics.figures import CountByStatus, FailureCount, GroupCount, MailingStatistics, OverallStatistics
from mailing.statistics.queries import MOST_GROUPS, mailing_statistics, overall_statistics
from tests.conftest import Sql
from tests.messages.stored import close, set_status, store_mailing, store_many, store_message

S = MessageStatus
M = MailingStatus
NONE = dict.fromkeys(S, 0)


async def test_a_mailing_without_messages_has_zeros(sql: Sql) -> None:
    mailing_id = await store_mailing(sql)
    empty = MailingStatistics(0, NONE, (), (), (), ())
    assert await mailing_statistics([mailing_id]) == {mailing_id: empty}


async def test_deleted_and_unknown_mailings_are_left_out(sql: Sql) -> None:
    deleted = await store_mailing(sql, deleted=True)
    await store_many(sql, deleted, 3)
    assert await mailing_statistics([deleted, 99]) == {}


async def test_messages_are_counted_by_status_and_by_each_property(sql: Sql) -> None:
    # Given messages of several properties, and those of another mailing
    mailing_id, other = await store_mailing(sql), await store_mailing(sql)
    await store_many(sql, other, 7)
    await store_message(sql, mailing_id, 1, S.SENT, operator_code="901", tag="b", timezone="Asia/Omsk")
    await store_message(sql, mailing_id, 2, S.SENT, operator_code="900", tag="a", timezone="Asia/Omsk")
    await store_message(sql, mailing_id, 3, S.FAILED, operator_code="901", tag="", reason="refused")
    await store_message(sql, mailing_id, 4, S.UNCONFIRMED, operator_code="902", tag="", reason="timeout")
    await store_message(sql, mailing_id, 5, S.FAILED, operator_code="902", tag="", reason="timeout")
    await store_message(sql, mailing_id, 6, S.PENDING, operator_code="902", tag="", reason="busy")
    # When they are read
    statistics = (await mailing_statistics([mailing_id, other]))[mailing_id]
    # Then everything is counted, the largest groups first and equal ones by value; who still waits has not failed
    assert statistics == MailingStatistics(
        total=6,
        by_status=NONE | {S.PENDING: 1, S.SENT: 2, S.FAILED: 2, S.UNCONFIRMED: 1},
        by_operator_code=(
            GroupCount("902", 3, NONE | {S.PENDING: 1, S.FAILED: 1, S.UNCONFIRMED: 1}),
            GroupCount("901", 2, NONE | {S.SENT: 1, S.FAILED: 1}),
            GroupCount("900", 1, NONE | {S.SENT: 1}),
        ),
        by_tag=(
            GroupCount("", 4, NONE | {S.PENDING: 1, S.FAILED: 2, S.UNCONFIRMED: 1}),
            GroupCount("a", 1, NONE | {S.SENT: 1}),
            GroupCount("b", 1, NONE | {S.SENT: 1}),
        ),
        by_timezone=(
            GroupCount("Europe/Moscow", 4, NONE | {S.PENDING: 1, S.FAILED: 2, S.UNCONFIRMED: 1}),
            GroupCount("Asia/Omsk", 2, NONE | {S.SENT: 2}),
        ),
        failures=(FailureCount("timeout", 2), FailureCount("refused", 1)),
    )
    assert list(statistics.by_status) == list(S)


async def test_the_largest_groups_are_told_where_there_are_too_many(sql: Sql) -> None:
    # Given more tags than are told, one of them with two messages
    mailing_id = await store_mailing(sql)
    await sql(
        """
        INSERT INTO message (mailing_id, client_id, operator_code, tag, timezone)
        SELECT $1, n, '900', 'tag ' || lpad(least(n, $2)::text, 5, '0'), 'UTC' FROM generate_series(1, $2::int + 1) AS n
        """,
        mailing_id,
        MOST_GROUPS + 5,
    )
    # When they are read
    groups = (await mailing_statistics([mailing_id]))[mailing_id].by_tag
    # Then the largest is the first, and the last by name are missing
    assert len(groups) == MOST_GROUPS
    assert [group.value for group in groups[:2]] == ["tag 01005", "tag 00001"]
    assert groups[-1].value == "tag 00999"


async def test_a_message_that_came_back_after_the_end_is_counted_as_what_it_became(sql: Sql) -> None:
    # Given a closed mailing, and a message that returned from its worker after that, perhaps accepted
    mailing_id = await store_mailing(sql)
    await close(sql, mailing_id, S.EXPIRED)
    await store_message(sql, mailing_id, 1, S.PENDING, uncertain=True, reason="timeout")
    # Then it is counted as unconfirmed, with its reason
    statistics = (await mailing_statistics([mailing_id]))[mailing_id]
    assert statistics.by_status == NONE | {S.UNCONFIRMED: 1}
    assert statistics.failures == (FailureCount("timeout", 1),)


@pytest.mark.parametrize(
    ("closed_as", "failures"),
    [
        (S.EXPIRED, (FailureCount("busy", 2), FailureCount("timeout", 1))),
        (S.CANCELLED, (FailureCount("busy", 1), FailureCount("timeout", 1))),
    ],
)
@pytest.mark.parametrize("move_counters", [True, False])
async def test_why_messages_expired_is_told_and_why_they_were_cancelled_is_not(
    sql: Sql, closed_as: S, failures: tuple[FailureCount, ...], move_counters: bool
) -> None:
    # Given messages that failed for now, one that gave up for want of time, and others that were never tried
    mailing_id = await store_mailing(sql)
    await store_message(sql, mailing_id, 1, S.EXPIRED, reason="busy")
    await store_message(sql, mailing_id, 2, S.PENDING, reason="busy")
    await store_message(sql, mailing_id, 3, S.PENDING, reason="timeout", uncertain=True)
    await store_message(sql, mailing_id, 4, S.CANCELLED, reason="client deleted")
    await store_message(sql, mailing_id, 5, S.PENDING)
    assert (await mailing_statistics([mailing_id]))[mailing_id].failures == (FailureCount("busy", 1),)
    # When the mailing ends
    await close(sql, mailing_id, closed_as, move_counters=move_counters)
    # Then
    assert (await mailing_statistics([mailing_id]))[mailing_id].failures == failures


@pytest.mark.parametrize("seed", range(4))
async def test_counters_equal_counting_the_messages_whatever_happened(sql: Sql, seed: int) -> None:
    # Given two mailings
    dice = random.Random(seed)
    mailings = [await store_mailing(sql) for _ in range(2)]
    for step in range(30):
        # When messages are added and changed at random, by pumps in different slots and by others, and the mailings
        # are closed at some point, with messages still on their way
        mailing_id = dice.choice(mailings)
        if dice.random() < 0.3:
            await _add(sql, dice, mailing_id, step)
        await _change(sql, dice, mailing_id)
        if step == 20:
            await close(sql, mailings[0], dice.choice(CLOSED_AS), move_counters=dice.random() < 0.8)
        # Then the counters say at each moment what counting the messages one by one says
        await _assert_exact(mailings)


async def test_overall_statistics_sum_the_mailings_that_start_in_a_span(sql: Sql) -> None:
    # Given mailings before, at the beginning of, in, and at the end of a span, one closed, and one deleted in it
    begin = datetime(2026, 3, 1, tzinfo=UTC)
    end = begin + timedelta(days=1)
    before = await store_mailing(sql, starts_at=begin - timedelta(seconds=1), status="FINISHED")
    first = await store_mailing(sql, starts_at=begin, status="RUNNING")
    inside = await store_mailing(sql, starts_at=begin + timedelta(hours=1))
    after = await store_mailing(sql, starts_at=end, status="SCHEDULED")
    deleted = await store_mailing(sql, starts_at=begin, deleted=True)
    for mailing_id, count in ((before, 1), (first, 2), (inside, 4), (after, 8), (deleted, 16)):
        await store_many(sql, mailing_id, count)
    await close(sql, inside, S.CANCELLED)
    # Then the span holds its beginning and not its end
    assert await overall_statistics(begin, end) == OverallStatistics(
        mailings=2,
        messages=6,
        by_mailing_status=dict.fromkeys(M, 0) | {M.RUNNING: 1, M.CANCELLED: 1},
        by_message_status=NONE | {S.PENDING: 2, S.CANCELLED: 4},
    )
    # And an open side holds all
    assert (await overall_statistics(None, begin)).messages == 1
    assert (await overall_statistics(end, None)).messages == 8
    assert (await overall_statistics(None, None)).messages == 15


async def test_overall_statistics_of_nothing_are_zeros(sql: Sql) -> None:
    assert await overall_statistics(None, None) == OverallStatistics(0, 0, dict.fromkeys(M, 0), NONE)


async def _add(sql: Sql, dice: random.Random, mailing_id: int, step: int) -> None:
    for n in range(dice.randint(1, 4)):
        await store_message(
            sql,
            mailing_id,
            100 * step + n + 1,
            dice.choice(list(S)),
            uncertain=dice.random() < 0.3,
            reason=dice.choice([None, "a", "b"]),
            operator_code=dice.choice(["900", "901"]),
            tag=dice.choice(["", "vip"]),
            timezone=dice.choice(["UTC", "Asia/Omsk"]),
        )


async def _change(sql: Sql, dice: random.Random, mailing_id: int) -> None:
    ids = [row["id"] for row in await sql("SELECT id FROM message WHERE mailing_id = $1 ORDER BY id", mailing_id)]
    chosen = dice.sample(ids, k=dice.randint(0, len(ids)))
    token = dice.choice([None, 64, 65, 64 + 63])
    await set_status(sql, chosen, dice.choice(list(S)), uncertain=dice.random() < 0.3, token=token)


async def _assert_exact(mailings: list[int]) -> None:
    pages = await messages_of_mailings(mailings, None, Slice(10_000))
    statistics = await mailing_statistics(mailings)
    progress = await read_progress(mailings)
    for mailing_id in mailings:
        counted: CountByStatus = NONE | Counter(message.status for message in pages[mailing_id].items)
        told = statistics[mailing_id]
        assert told.by_status == counted
        assert told.total == progress[mailing_id].total == sum(counted.values())
        assert {status: getattr(progress[mailing_id], status.value.lower()) for status in S} == counted
        for groups in (told.by_operator_code, told.by_tag, told.by_timezone):
            assert {status: sum(group.by_status[status] for group in groups) for status in S} == counted
            assert all(group.total == sum(group.by_status.values()) for group in groups)
        failed = Counter(
            message.reason
            for message in pages[mailing_id].items
            if message.reason is not None and message.status in (S.FAILED, S.UNCONFIRMED, S.EXPIRED)
        )
        assert {failure.reason: failure.count for failure in told.failures} == failed
