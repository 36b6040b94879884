"""The tallies that the daily report is counted from, against the messages and the counters."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from mailing.models.message import MessageStatus
from tests.conftest import Sql
from tests.messages.stored import close, set_status, store_mailing, store_many, store_message

S = MessageStatus
TOKEN = 64 * 7 + 3
"""Of slot 3."""


async def endings(sql: Sql, mailing_id: int) -> Mapping[tuple[str, str], int]:
    rows = await sql(
        """
        SELECT status, reason, sum(messages)::int AS messages FROM ending_tally
        WHERE mailing_id = $1 GROUP BY 1, 2 HAVING sum(messages) <> 0
        """,
        mailing_id,
    )
    return {(row["status"], row["reason"]): row["messages"] for row in rows}


async def test_each_message_is_tallied_once_when_it_comes_to_its_end(sql: Sql) -> None:
    # Given
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 9)

    # When some are claimed, and some of these come to an end, each twice for good measure
    await set_status(sql, range(1, 8), S.SENDING, token=TOKEN)
    for _ in range(2):
        await set_status(sql, [1, 2], S.SENT, token=TOKEN)
        await set_status(sql, [3], S.FAILED, token=TOKEN)
        await set_status(sql, [4], S.UNCONFIRMED, token=TOKEN)
        await set_status(sql, [5], S.PENDING, uncertain=True)

    # Then
    assert await endings(sql, mailing_id) == {
        ("SENT", ""): 2,
        ("FAILED", "reason 0"): 1,
        ("UNCONFIRMED", "reason 1"): 1,
    }
    assert {row["shard"] for row in await sql("SELECT DISTINCT shard FROM ending_tally")} == {4}


async def test_what_waits_when_a_mailing_is_closed_ends_with_it(sql: Sql) -> None:
    # Given one sent, one that may have been taken, one in flight and three untouched
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 6)
    await set_status(sql, [1], S.SENT)
    await sql("UPDATE message SET uncertain = true, reason = 'timeout' WHERE id = 2")
    await set_status(sql, [3], S.SENDING, token=TOKEN)

    # When
    await close(sql, mailing_id, S.EXPIRED)

    # Then
    closed = {("SENT", ""): 1, ("UNCONFIRMED", "timeout"): 1, ("EXPIRED", ""): 3}
    assert await endings(sql, mailing_id) == closed

    # And what is handed back afterwards, or comes late, ends then
    await set_status(sql, [3], S.PENDING)
    late = await store_message(sql, mailing_id, 99)
    assert await endings(sql, mailing_id) == closed | {("EXPIRED", ""): 5}

    # And what is closed is not closed again
    await sql("UPDATE mailing SET closed_as = 'EXPIRED' WHERE id = $1", mailing_id)
    await set_status(sql, [late], S.CANCELLED)
    assert await endings(sql, mailing_id) == closed | {("EXPIRED", ""): 4, ("CANCELLED", ""): 1}


async def test_who_is_taken_in_again_has_not_come_to_an_end(sql: Sql) -> None:
    mailing_id = await store_mailing(sql)
    id = await store_message(sql, mailing_id, 1, S.CANCELLED, reason="left out")
    assert await endings(sql, mailing_id) == {("CANCELLED", "left out"): 1}

    await sql("UPDATE message SET status = 'PENDING', reason = NULL WHERE id = $1", id)

    assert await endings(sql, mailing_id) == {}


async def test_what_was_accepted_counts_when_the_provider_said_so(sql: Sql) -> None:
    # Given
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 3)
    before_midnight = datetime(2030, 1, 31, 23, 59, 59, tzinfo=UTC)

    # When results are written a little later
    for id, seconds in ((1, 0), (2, 0.999), (3, 1)):
        await sql(
            "UPDATE message SET status = 'SENT', sent_at = $2 WHERE id = $1",
            id,
            before_midnight + timedelta(seconds=seconds),
        )

    # Then
    rows = await sql("SELECT quarter, messages FROM ending_tally ORDER BY 1")
    assert [dict(row) for row in rows] == [
        {"quarter": datetime(2030, 1, 31, 23, 45, tzinfo=UTC), "messages": 2},
        {"quarter": datetime(2030, 2, 1, tzinfo=UTC), "messages": 1},
    ]


async def test_requests_are_tallied_by_when_they_left(sql: Sql) -> None:
    at = datetime(2030, 1, 31, 12, 14, tzinfo=UTC)
    attempts = [
        (at, 40, "ACCEPTED"),
        (at, 60, "REFUSED"),
        (at, 1_000, "DEFERRED"),
        (at, None, "LOST"),
        (at + timedelta(minutes=1), 9_000, "UNANSWERED"),
    ]
    await sql(
        """
        INSERT INTO delivery_attempt (message_id, number, started_at, duration_ms, outcome)
        SELECT 1, 1, * FROM unnest($1::timestamptz[], $2::int[], $3::text[])
        """,
        *map(list, zip(*attempts, strict=True)),
    )

    rows = await sql("SELECT quarter, requests, failures, timed, duration_ms, slow FROM request_tally ORDER BY 1")
    assert [tuple(row.values()) for row in rows] == [
        (datetime(2030, 1, 31, 12, 0, tzinfo=UTC), 4, 2, 3, 1_100, 1),
        (datetime(2030, 1, 31, 12, 15, tzinfo=UTC), 1, 1, 1, 9_000, 1),
    ]


@pytest.mark.parametrize("closed_as", [S.EXPIRED, S.CANCELLED])
async def test_the_sum_over_all_time_is_what_the_counters_say(sql: Sql, closed_as: MessageStatus) -> None:
    # Given messages in every state
    mailing_id = await store_mailing(sql)
    for number, status in enumerate(2 * [*S]):
        reason = "timeout" if status in (S.FAILED, S.UNCONFIRMED) else None
        await store_message(sql, mailing_id, number, status, reason=reason)
    await sql("UPDATE message SET uncertain = true, reason = 'HTTP 500' WHERE id = 1")

    # When
    await close(sql, mailing_id, closed_as)
    await set_status(sql, [2], S.CANCELLED)

    # Then
    columns = ("sent", "failed", "expired", "unconfirmed", "cancelled")
    (counted,) = await sql(
        f"SELECT {', '.join(f'sum({c} + CASE WHEN $2 = {c!r} THEN pending ELSE 0 END)::int AS {c}' for c in columns)} "
        "FROM message_count WHERE mailing_id = $1 AND dimension = ''",
        mailing_id,
        closed_as.value.lower(),
    )
    tallied = dict.fromkeys(columns, 0)
    for (status, _), messages in (await endings(sql, mailing_id)).items():
        tallied[status.lower()] += messages
    assert tallied == dict(counted)
