"""A mailing's history, against its messages and its counters."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from mailing.delivery.removal_queries import remove_mailing
from mailing.history.figures import MailingHistory
from mailing.history.queries import FEWEST_STEPS, MOST_STEPS, mailing_histories
from mailing.messages.ends import ENDS
from mailing.models.message import MessageStatus
from mailing.statistics.queries import mailing_statistics
from tests.conftest import Sql
from tests.messages.stored import close, set_status, store_mailing, store_many, store_message

S = MessageStatus
START = datetime(2026, 11, 21, 12, tzinfo=UTC)
LENGTHS = (1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 1_209_600)


async def store_past_mailing(sql: Sql, lasted: timedelta) -> int:
    """One that began at START and took so long."""
    mailing_id = await store_mailing(sql, status="FINISHED")
    await sql("UPDATE mailing SET started_at = $2, ended_at = $3 WHERE id = $1", mailing_id, START, START + lasted)
    return mailing_id


async def send(sql: Sql, mailing_id: int, client_id: int, after: timedelta) -> None:
    """A message that the provider took so long after START."""
    id = await store_message(sql, mailing_id, client_id)
    await sql(
        "UPDATE message SET status = 'SENT', sent_at = $2, ended_at = $2, lease_token = $3 WHERE id = $1",
        id,
        START + after,
        client_id,
    )


async def history_of(mailing_id: int, most_steps: int = MOST_STEPS) -> MailingHistory:
    return (await mailing_histories([mailing_id], most_steps))[mailing_id]


def told(history: MailingHistory) -> dict[tuple[datetime, MessageStatus], int]:
    """What is not 0."""
    return {(step.starts_at, status): n for step in history.steps for status, n in step.ended.items() if n}


def summed(history: MailingHistory) -> Mapping[MessageStatus, int]:
    return {status: sum(step.ended[status] for step in history.steps) for status in ENDS}


async def test_a_mailing_that_has_not_started_has_no_steps(sql: Sql) -> None:
    mailing_id = await store_mailing(sql, status="SCHEDULED", selected=False, started_seconds_ago=None)

    history = await history_of(mailing_id)

    assert history == MailingHistory(1, (), None, history.read_at)


async def test_deleted_and_unknown_mailings_are_left_out(sql: Sql) -> None:
    deleted = await store_mailing(sql, deleted=True)
    await store_message(sql, deleted, 1, S.SENT)

    assert await mailing_histories([deleted, 99]) == {}


async def test_a_mailing_of_seconds_is_told_by_seconds(sql: Sql) -> None:
    # Given
    mailing_id = await store_past_mailing(sql, timedelta(seconds=19.9))
    for client_id, seconds in enumerate((0, 0.999, 1, 19.5)):
        await send(sql, mailing_id, client_id, timedelta(seconds=seconds))

    # When
    history = await history_of(mailing_id)

    # Then
    assert (history.step_seconds, len(history.steps)) == (1, 20)
    assert [step.starts_at for step in history.steps] == [START + timedelta(seconds=n) for n in range(20)]
    assert [step.ended[S.SENT] for step in history.steps] == [2, 1, *(17 * [0]), 1]


async def test_a_mailing_of_days_is_told_by_half_hours(sql: Sql) -> None:
    # Given what was sent in the first minutes, and some days later
    mailing_id = await store_past_mailing(sql, timedelta(days=3))
    for client_id, minutes in enumerate((0, 29, 31, 3 * 24 * 60 - 1)):
        await send(sql, mailing_id, client_id, timedelta(minutes=minutes))

    # When
    history = await history_of(mailing_id)

    # Then
    assert (history.step_seconds, len(history.steps)) == (1_800, 145)
    assert told(history) == {
        (START, S.SENT): 2,
        (START + timedelta(minutes=30), S.SENT): 1,
        (START + timedelta(days=3, minutes=-30), S.SENT): 1,
    }


@pytest.mark.parametrize("most_steps", [FEWEST_STEPS, 37, MOST_STEPS])
@pytest.mark.parametrize("days", [0, 0.0001, 198.9 / 86_400, 199.9 / 86_400, 0.01, 0.1, 1, 3, 30, 365, 10_000])
async def test_there_are_never_more_steps_than_asked_for(sql: Sql, days: float, most_steps: int) -> None:
    # Given a life of which start and end lie in the middle of steps
    lasted = timedelta(days=days)
    mailing_id = await store_past_mailing(sql, lasted)
    await sql(
        "UPDATE mailing SET started_at = started_at + $2, ended_at = ended_at + $2 WHERE id = $1",
        mailing_id,
        timedelta(seconds=3.95),
    )
    id = await store_message(sql, mailing_id, 1)
    await sql("UPDATE message SET status = 'SENT', sent_at = $2 WHERE id = $1", id, START + lasted)

    # When
    history = await history_of(mailing_id, most_steps)

    # Then
    assert 1 <= len(history.steps) <= most_steps
    assert summed(history) == dict.fromkeys(ENDS, 0) | {S.SENT: 1}
    assert history.step_seconds in LENGTHS or history.step_seconds % 604_800 == 0


async def test_each_length_is_a_multiple_of_all_shorter_ones(sql: Sql) -> None:
    rows = await sql("SELECT DISTINCT history_step(1.3 ^ n, 200)::int AS step FROM generate_series(0, 80) n ORDER BY 1")

    steps = [row["step"] for row in rows]
    assert [*steps[: len(LENGTHS)]] == [*LENGTHS]
    assert all(longer % shorter == 0 for shorter, longer in pairwise(steps))


async def test_a_bin_is_as_fine_as_any_chart_of_the_life_until_then_needs(sql: Sql) -> None:
    (row,) = await sql(
        """
        SELECT count(*) AS more FROM generate_series(0, 60) a, generate_series(0, 60) b, generate_series(10, 200, 19) p
        WHERE a <= b AND history_step(1.4 ^ b, p) % history_step(1.4 ^ a, 200) <> 0
        """
    )

    assert row["more"] == 0


async def test_a_bin_has_few_rows_however_many_pumps_write(sql: Sql) -> None:
    # Given a mailing whose messages are sent through all 64 slots
    mailing_id = await store_mailing(sql, started_seconds_ago=10_000_000)
    await store_many(sql, mailing_id, 64)

    # When
    for slot in range(64):
        await set_status(sql, [slot + 1], S.SENDING, token=64 * 3 + slot)
        await set_status(sql, [slot + 1], S.SENT)

    # Then
    (row,) = await sql("SELECT count(*) AS rows, sum(messages)::int AS messages FROM history_tally")
    assert dict(row) == {"rows": 8, "messages": 64}


async def test_the_steps_of_a_mailing_that_goes_on_end_with_now(sql: Sql) -> None:
    # Given one that has been running for a minute
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 2)
    await set_status(sql, [1], S.SENT)

    # When
    history = await history_of(mailing_id)

    # Then the last step is that of now
    assert history.step_seconds == 1
    assert 61 <= len(history.steps) <= 62
    assert timedelta() <= history.read_at - history.steps[-1].starts_at < timedelta(seconds=1)
    assert summed(history) == dict.fromkeys(ENDS, 0) | {S.SENT: 1}


async def test_what_waits_when_a_mailing_is_closed_ends_in_that_step(sql: Sql) -> None:
    # Given one sent, one that may have been taken, one in flight and three untouched
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 6)
    await set_status(sql, [1], S.SENT)
    await sql("UPDATE message SET uncertain = true, reason = 'timeout' WHERE id = 2")
    await set_status(sql, [3], S.SENDING, token=67)

    # When
    await close(sql, mailing_id, S.CANCELLED)

    # Then
    closed = dict.fromkeys(ENDS, 0) | {S.SENT: 1, S.UNCONFIRMED: 1, S.CANCELLED: 3}
    assert summed(await history_of(mailing_id)) == closed

    # And what is in flight, or comes late, ends then
    await set_status(sql, [3], S.SENT)
    await store_message(sql, mailing_id, 99)
    assert summed(await history_of(mailing_id)) == {**closed, S.SENT: 2, S.CANCELLED: 4}


async def test_who_is_taken_in_again_leaves_the_step_in_which_the_message_had_ended(sql: Sql) -> None:
    # Given messages that ended at two moments
    mailing_id = await store_past_mailing(sql, timedelta(seconds=30))
    await store_many(sql, mailing_id, 3)
    for id, seconds in ((1, 5), (2, 5), (3, 9)):
        await sql(
            "UPDATE message SET status = 'CANCELLED', ended_at = $2 WHERE id = $1",
            id,
            START + timedelta(seconds=seconds),
        )

    # When
    await sql("UPDATE message SET status = 'PENDING', ended_at = NULL WHERE id IN (2, 3)")

    # Then no step has less than nothing
    assert told(await history_of(mailing_id)) == {(START + timedelta(seconds=5), S.CANCELLED): 1}
    assert await sql("SELECT FROM history_tally WHERE messages < 0") == []


@pytest.mark.parametrize("closed_as", [S.EXPIRED, S.CANCELLED])
async def test_the_steps_sum_to_the_statistics(sql: Sql, closed_as: MessageStatus) -> None:
    # Given messages in every state that went through the hands of several pumps
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 70)
    for number, status in enumerate(S):
        ids = range(1 + 10 * number, 11 + 10 * number)
        await set_status(sql, ids, S.SENDING, token=64 + number)
        await set_status(sql, ids, status, token=64 + number if status is S.SENDING else None)
    await sql("UPDATE message SET uncertain = true, reason = 'HTTP 500' WHERE id IN (1, 2)")

    # When it ends, and then what was in flight
    await close(sql, mailing_id, closed_as)
    await set_status(sql, range(11, 18), S.SENT)
    await set_status(sql, range(18, 21), S.PENDING, uncertain=True)

    # Then
    statistics = (await mailing_statistics([mailing_id]))[mailing_id]
    assert summed(await history_of(mailing_id)) == {status: statistics.by_status[status] for status in ENDS}
    assert sum(summed(await history_of(mailing_id)).values()) == 70


async def test_histories_of_several_are_read_at_once(sql: Sql) -> None:
    # Given
    short, long = await store_past_mailing(sql, timedelta(seconds=9)), await store_past_mailing(sql, timedelta(hours=9))
    await send(sql, short, 1, timedelta(seconds=3))
    await send(sql, long, 1, timedelta(hours=3))

    # When
    histories = await mailing_histories([short, long])

    # Then each has its own steps
    assert {id: history.step_seconds for id, history in histories.items()} == {short: 1, long: 300}
    assert told(histories[short]) == {(START + timedelta(seconds=3), S.SENT): 1}
    assert told(histories[long]) == {(START + timedelta(hours=3), S.SENT): 1}


async def test_a_mailing_older_than_its_history_says_so(sql: Sql) -> None:
    since = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
    await sql("INSERT INTO tally_start (since, history_since) VALUES ($1, $1)", since)
    older = await store_past_mailing(sql, timedelta(hours=1))
    newer = await store_mailing(sql)

    assert (await history_of(older)).counted_since == since
    assert (await history_of(newer)).counted_since is None


async def test_a_history_goes_with_its_mailing(sql: Sql) -> None:
    mailing_id = await store_mailing(sql, deleted=True)
    await store_message(sql, mailing_id, 1, S.SENT)

    await remove_mailing(mailing_id)

    assert await sql("SELECT FROM history_tally") == []
