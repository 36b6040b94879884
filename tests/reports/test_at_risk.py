"""Which mailings will miss their end, from the database."""

from datetime import UTC, datetime, timedelta

import pytest

from mailing.history.day_queries import sum_up_quarters
from mailing.models.mailing import MailingStatus
from mailing.reports.at_risk import risks_of
from mailing.reports.figures import MailingAtRisk, Risk
from mailing.reports.risk_queries import best_rate
from tests.conftest import Sql
from tests.messages.stored import store_mailing, store_many

M = MailingStatus


async def tally(sql: Sql, at: datetime, messages: int, *, status: str = "SENT", mailing_id: int = 7) -> None:
    await sql(
        """
        INSERT INTO ending_tally (quarter, mailing_id, status, reason, shard, messages)
        VALUES (quarter_of($1), $2, $3, '', 1, $4)
        """,
        at,
        mailing_id,
        status,
        messages,
    )


@pytest.mark.parametrize("status", M)
async def test_only_what_is_under_way_can_miss_its_end(sql: Sql, status: MailingStatus) -> None:
    # Given mailings that have run for an hour, have messages due and sent none, one of them not asked for
    mailing_id = await store_mailing(sql, status=status.value, started_seconds_ago=3_600)
    await store_many(sql, mailing_id, 5)
    await store_many(sql, await store_mailing(sql, status="PAUSED"), 5)

    # When
    risks = await risks_of([mailing_id, 99])

    # Then
    told = {M.RUNNING: Risk.STALLED, M.PAUSED: Risk.PAUSED}
    assert {id: risk.risk for id, risk in risks.items()} == ({mailing_id: told[status]} if status in told else {})


async def test_while_nothing_leaves_to_the_provider_all_that_is_left_will_be_missed(sql: Sql) -> None:
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 5)
    await sql("UPDATE provider_channel SET state = 'OPEN', cause = 'FAILURES'")

    (risk,) = (await risks_of([mailing_id])).values()

    assert risk == MailingAtRisk(mailing_id, "Hello", risk.ends_at, 5, 5, Risk.HELD, None)


async def test_a_rate_is_that_of_the_mailing_itself_and_of_the_last_hour(sql: Sql) -> None:
    # Given one that was fast two hours ago, beside another that is fast now
    mailing_id = await store_mailing(sql, started_seconds_ago=10_000)
    await store_many(sql, mailing_id, 8_000)
    await sql("UPDATE mailing SET ends_at = now() + interval '1 hour' WHERE id = $1", mailing_id)
    now = datetime.now(UTC)
    await tally(sql, now - timedelta(hours=2), 90_000, mailing_id=mailing_id)
    await tally(sql, now - timedelta(minutes=15), 900, mailing_id=mailing_id)
    await tally(sql, now - timedelta(minutes=15), 90_000, mailing_id=mailing_id + 1)

    # When
    (risk,) = (await risks_of([mailing_id])).values()

    # Then
    assert (risk.risk, risk.rate) == (Risk.TOO_SLOW, 1.0)
    assert 4_400 <= risk.will_miss <= 4_410


@pytest.mark.parametrize("summed_up", [False, True])
async def test_the_best_rate_is_that_of_the_best_quarter_of_the_last_day(sql: Sql, summed_up: bool) -> None:
    # Given
    now = datetime.now(UTC)
    await tally(sql, now - timedelta(days=2), 90_000)
    await tally(sql, now - timedelta(hours=5), 900)
    await tally(sql, now - timedelta(hours=5), 450, status="FAILED", mailing_id=8)
    await tally(sql, now - timedelta(hours=5), 90_000, status="EXPIRED")
    await tally(sql, now, 450)
    if summed_up:
        for _ in range(3):
            await sum_up_quarters()

    # Then
    assert await best_rate(now) == 1.5


async def test_without_anything_sent_there_is_no_best_rate(sql: Sql) -> None:
    assert await best_rate(datetime.now(UTC)) == 0
