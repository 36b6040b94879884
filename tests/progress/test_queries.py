"""The progress of mailings, from the database."""

from datetime import timedelta

from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.progress.queries import read_active_progress, read_progress
from mailing.progress.snapshot import MailingProgress
from tests.conftest import Sql
from tests.messages.stored import close, set_status, store_mailing, store_many, store_message

S = MessageStatus
M = MailingStatus


async def test_a_mailing_without_messages_has_zeros(sql: Sql) -> None:
    mailing_id = await store_mailing(sql, status="SCHEDULED", selected=False, started_seconds_ago=None)
    progress = (await read_progress([mailing_id]))[mailing_id]
    assert progress == MailingProgress(
        mailing_id, M.SCHEDULED, 0, 0, 0, 0, 0, 0, 0, 0.0, None, progress.updated_at, selection_over=False, revision=1
    )
    assert progress.updated_at.utcoffset() == timedelta(0)


async def test_deleted_and_unknown_mailings_are_left_out(sql: Sql) -> None:
    deleted = await store_mailing(sql, deleted=True)
    assert await read_progress([deleted, 99]) == {}
    assert await read_active_progress([deleted, 99]) == {}


async def test_messages_are_counted_as_they_stand(sql: Sql) -> None:
    # Given a closed mailing with messages of every stored status, two of them waiting and one of these uncertain
    mailing_id = await store_mailing(sql)
    for client_id, status in enumerate(S, start=1):
        await store_message(sql, mailing_id, client_id, status)
    await store_message(sql, mailing_id, 10, S.PENDING, uncertain=True)
    await close(sql, mailing_id, S.EXPIRED)
    # Then those that waited count as what they became
    progress = (await read_progress([mailing_id]))[mailing_id]
    assert progress == MailingProgress(
        mailing_id,
        M.FINISHED,
        0,
        1,
        1,
        1,
        2,
        2,
        1,
        0.0,
        None,
        progress.updated_at,
        selection_over=True,
        revision=progress.revision,
    )
    assert progress.total == 8


async def test_cancelling_during_the_selection_ends_the_selection(sql: Sql) -> None:
    mailing_id = await store_mailing(sql, selected=False)
    assert not (await read_progress([mailing_id]))[mailing_id].selection_over
    await close(sql, mailing_id, S.CANCELLED)
    assert (await read_progress([mailing_id]))[mailing_id].is_final


async def test_the_rate_is_what_was_accepted_in_the_last_ten_seconds(sql: Sql) -> None:
    # Given a mailing of which 60 were sent in the last nine full seconds, 40 before, and 120 are left
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 120)
    await _tally(sql, mailing_id, 30, seconds_ago=1)
    await _tally(sql, mailing_id, 30, seconds_ago=8)
    await _tally(sql, mailing_id, 40, seconds_ago=12)
    # When it is read
    progress = (await read_progress([mailing_id]))[mailing_id]
    # Then the rate is at most the true one, and the estimate follows from it
    assert 6.0 <= progress.messages_per_second <= 60 / 9
    assert progress.estimated_finish_at == progress.updated_at + timedelta(seconds=120 / progress.messages_per_second)


async def test_a_mailing_that_has_just_started_is_not_taken_for_slow(sql: Sql) -> None:
    # Given a mailing that has sent 30 in the four seconds since its start
    mailing_id = await store_mailing(sql, started_seconds_ago=4)
    await _tally(sql, mailing_id, 30, seconds_ago=1)
    # Then its rate is what it did since then
    assert 30 / 6 < (await read_progress([mailing_id]))[mailing_id].messages_per_second <= 30 / 4


async def test_the_first_batch_is_not_taken_for_the_speed(sql: Sql) -> None:
    mailing_id = await store_mailing(sql, started_seconds_ago=0.01)
    await _tally(sql, mailing_id, 500, seconds_ago=0)
    assert 0 < (await read_progress([mailing_id]))[mailing_id].messages_per_second <= 500


async def test_what_is_accepted_is_in_the_rate_at_once(sql: Sql) -> None:
    # Given a mailing with ten messages on their way
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 10, S.SENDING)
    # When they are accepted
    await set_status(sql, range(1, 11), S.SENT, token=64)
    # Then they are in the rate, and where nothing is left nothing is estimated
    progress = (await read_progress([mailing_id]))[mailing_id]
    assert 1.0 <= progress.messages_per_second <= 10 / 9
    assert progress.estimated_finish_at is None


async def test_nothing_is_estimated_while_a_mailing_is_paused(sql: Sql) -> None:
    mailing_id = await store_mailing(sql, status="PAUSED")
    await store_many(sql, mailing_id, 10)
    await _tally(sql, mailing_id, 30, seconds_ago=1)
    assert (await read_progress([mailing_id]))[mailing_id].estimated_finish_at is None


async def test_active_mailings_are_those_that_run(sql: Sql) -> None:
    # Given a mailing in each state
    mailings = {status: await store_mailing(sql, status=status.value) for status in M}
    another = await store_mailing(sql)
    # Then those that run are active
    assert (await read_active_progress()).keys() == {another, mailings[M.RUNNING]}
    # And can be read together with others in one snapshot
    progress = await read_active_progress([mailings[M.PAUSED]])
    assert progress.keys() == {another, mailings[M.RUNNING], mailings[M.PAUSED]}
    assert len({one.updated_at for one in progress.values()}) == 1


async def _tally(sql: Sql, mailing_id: int, sent: int, *, seconds_ago: int) -> None:
    await sql(
        "INSERT INTO mailing_tally VALUES ($1, date_trunc('second', now()) - make_interval(secs => $2), 1, $3)",
        mailing_id,
        seconds_ago,
        sent,
    )
