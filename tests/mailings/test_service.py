"""Creating, changing and steering mailings: what is allowed when, and that what is not allowed changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from mailing import jobs
from mailing.db import orm
from mailing.delivery.selection import select_audience
from mailing.delivery.start import start_if_due
from mailing.delivery.window import LocalTimeWindow
from mailing.errors import (
    InvalidInputError,
    MailingAlreadyEndedError,
    MailingAlreadyStartedError,
    MailingNotPausedError,
    MailingNotRunningError,
    NotFoundError,
)
from mailing.jobs import Job
from mailing.mailings.service import (
    cancel_mailing,
    create_mailing,
    delete_mailing,
    pause_mailing,
    resume_mailing,
    update_mailing,
)
from mailing.mailings.validation import MailingChanges, mailing_changes
from mailing.models import Mailing
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact
from tests.delivery.conftest import clients, counts, new_mailing
from tests.delivery.stories import Clients, everything

__all__ = ["clients"]

LATER = datetime(2090, 1, 1, tzinfo=UTC)
FILTER_EDIT = MailingChanges(tags=("vip",))


async def edit(mailing_id: int) -> Mailing:
    return await update_mailing(mailing_id, MailingChanges(text="Good bye"))


async def postpone(mailing_id: int) -> Mailing:
    return await update_mailing(mailing_id, MailingChanges(starts_at=LATER, ends_at=LATER + timedelta(days=1)))


OPERATIONS: dict[str, Callable[[int], Awaitable[Mailing]]] = {
    "pause": pause_mailing,
    "resume": resume_mailing,
    "cancel": cancel_mailing,
    "edit": edit,
    "postpone": postpone,
}

ENDED, STARTED = MailingAlreadyEndedError, MailingAlreadyStartedError
NOT_RUNNING, NOT_PAUSED = MailingNotRunningError, MailingNotPausedError

# By the mailing's status: the status that each operation leads to, or the error that it raises.
TABLE: dict[str, list[str | type[Exception]]] = {
    #             pause        resume      cancel       edit         postpone
    "SCHEDULED": [NOT_RUNNING, NOT_PAUSED, "CANCELLED", "SCHEDULED", "SCHEDULED"],
    "RUNNING": ["PAUSED", NOT_PAUSED, "CANCELLED", "RUNNING", STARTED],
    "PAUSED": [NOT_RUNNING, "RUNNING", "CANCELLED", "PAUSED", STARTED],
    "FINISHED": [NOT_RUNNING, NOT_PAUSED, ENDED, ENDED, ENDED],
    "CANCELLED": [NOT_RUNNING, NOT_PAUSED, ENDED, ENDED, ENDED],
}


@pytest.fixture
async def mailing_id(clients: Clients, sent_jobs: list[Job]) -> int:
    """A mailing that runs, with 10 messages of which none is sent."""
    await clients(10)
    mailing_id: int = (await create_mailing(new_mailing())).id
    await start_if_due(mailing_id, slots=2)
    await select_audience(mailing_id)
    sent_jobs.clear()
    return mailing_id


@pytest.mark.parametrize(
    ("status", "operation", "outcome"),
    [(status, name, row[n]) for status, row in TABLE.items() for n, name in enumerate(OPERATIONS)],
)
async def test_what_is_allowed_in_which_status(
    mailing_id: int, sql: Sql, sent_jobs: list[Job], status: str, operation: str, outcome: str | type[Exception]
) -> None:
    # Given
    await sql("UPDATE mailing SET status = $1", status)
    before = await everything()

    # When
    if isinstance(outcome, str):
        changed = await OPERATIONS[operation](mailing_id)
        assert changed.status == outcome
        assert await sql("SELECT status FROM mailing") == [{"status": outcome}]
        return
    with pytest.raises(outcome):
        await OPERATIONS[operation](mailing_id)

    # Then
    assert await everything() == before
    assert sent_jobs == []


@pytest.mark.parametrize("operation", [*OPERATIONS.values(), delete_mailing])
async def test_there_is_nothing_to_do_with_a_mailing_that_is_not_there_or_deleted(
    mailing_id: int, operation: Callable[[int], Awaitable[object]]
) -> None:
    # Given
    await delete_mailing(mailing_id)

    # Then
    for missing in (mailing_id, mailing_id + 1):
        with pytest.raises(NotFoundError):
            await operation(missing)


async def test_a_mailing_whose_end_has_come_is_no_longer_changed_though_some_answers_are_missing(
    mailing_id: int, sql: Sql
) -> None:
    # Given
    await sql("UPDATE mailing SET closed_as = 'EXPIRED'")
    before = await everything()

    # Then
    for operation in (edit, cancel_mailing):
        with pytest.raises(MailingAlreadyEndedError):
            await operation(mailing_id)
    assert await everything() == before


async def test_an_end_in_the_past_is_refused_and_changes_nothing(mailing_id: int) -> None:
    # Given
    before = await everything()

    # Then
    with pytest.raises(InvalidInputError):
        await update_mailing(
            mailing_id, MailingChanges(text="Good bye", ends_at=datetime.now(UTC) - timedelta(milliseconds=100))
        )
    assert await everything() == before


@pytest.mark.parametrize(
    ("starts_in", "wake_ups"), [(timedelta(seconds=-5), 1), (timedelta(seconds=30), 1), (timedelta(minutes=5), 0)]
)
async def test_a_start_that_is_near_gets_a_wake_up_of_its_own(
    database: None, sent_jobs: list[Job], starts_in: timedelta, wake_ups: int
) -> None:
    # When
    mailing = await create_mailing(new_mailing(starts_at=datetime.now(UTC) + starts_in))

    # Then
    assert [(job.name, job.mailing_id) for job in sent_jobs] == [("mailing.start", mailing.id)] * wake_ups
    for job in sent_jobs:
        expected = max(starts_in, timedelta())
        assert expected - timedelta(seconds=5) <= job.delay <= expected


async def test_everything_may_be_changed_before_the_start(database: None, sql: Sql, sent_jobs: list[Job]) -> None:
    # Given
    mailing = await create_mailing(new_mailing(starts_at=LATER, ends_at=LATER + timedelta(days=1)))

    # When
    await update_mailing(
        mailing.id,
        MailingChanges(
            text="Good bye",
            starts_at=LATER + timedelta(days=2),
            ends_at=LATER + timedelta(days=3),
            operator_codes=("901",),
            tags=("vip",),
            window=LocalTimeWindow(time(9), time(21)),
            max_rate=5,
        ),
    )

    # Then
    assert await sql(
        """
        SELECT text, text_version, starts_at, ends_at, operator_codes, tags, window_opens_at, window_closes_at,
               max_rate, status, recheck_cursor FROM mailing
        """
    ) == [
        {
            "text": "Good bye",
            "text_version": 2,
            "starts_at": LATER + timedelta(days=2),
            "ends_at": LATER + timedelta(days=3),
            "operator_codes": ["901"],
            "tags": ["vip"],
            "window_opens_at": time(9),
            "window_closes_at": time(21),
            "max_rate": 5,
            "status": "SCHEDULED",
            "recheck_cursor": None,
        }
    ]
    assert await sql("SELECT version, text FROM mailing_text ORDER BY version") == [
        {"version": 1, "text": "Hello"},
        {"version": 2, "text": "Good bye"},
    ]


async def test_a_filter_that_says_the_same_selects_nobody_again(mailing_id: int, sent_jobs: list[Job]) -> None:
    # When
    changed = await update_mailing(mailing_id, MailingChanges(tags=(), operator_codes=()))

    # Then
    assert (changed.recheck_cursor, changed.selected_at is None) == (None, False)
    assert sent_jobs == []


async def test_a_changed_filter_wakes_a_worker_to_apply_it(mailing_id: int, sent_jobs: list[Job]) -> None:
    # When
    changed = await update_mailing(mailing_id, FILTER_EDIT)

    # Then nothing may be sent until it is applied
    assert (changed.recheck_cursor, changed.selection_cursor, changed.selected_at) == (0, 0, None)
    assert sent_jobs == [Job("mailing.start", mailing_id)]


async def test_cancelling_twice_at_once_counts_once(mailing_id: int) -> None:
    # When
    outcomes = await asyncio.gather(*(cancel_mailing(mailing_id) for _ in range(4)), return_exceptions=True)

    # Then
    assert sum(isinstance(outcome, MailingAlreadyEndedError) for outcome in outcomes) == 3
    assert await counts(mailing_id) == {"cancelled": 10}
    await assert_accounts_are_exact()


async def test_a_deleted_mailing_sends_nothing_more_and_wakes_a_worker_to_remove_it(
    mailing_id: int, sql: Sql, sent_jobs: list[Job]
) -> None:
    # When
    await delete_mailing(mailing_id)

    # Then
    assert await sql("SELECT status, closed_as, deleted_at IS NOT NULL AS deleted FROM mailing") == [
        {"status": "CANCELLED", "closed_as": "CANCELLED", "deleted": True}
    ]
    assert sent_jobs == [Job("mailing.remove", mailing_id)]


async def test_a_wake_up_that_fails_does_not_undo_what_was_committed(mailing_id: int) -> None:
    # Given
    async def refuse(job: Job) -> None:
        raise ConnectionRefusedError

    jobs.send_through(refuse)

    # When
    await delete_mailing(mailing_id)

    # Then
    assert await orm.fetch_value("SELECT deleted_at IS NOT NULL FROM mailing") is True


async def test_each_step_in_the_life_of_a_mailing_is_logged(database: None, sql: Sql) -> None:
    # When
    with capture_logs() as logs:
        mailing = await create_mailing(new_mailing(starts_at=LATER, ends_at=LATER + timedelta(days=1)))
        await sql("UPDATE mailing SET status = 'RUNNING'")
        await update_mailing(
            mailing.id,
            MailingChanges(
                text="Secret", tags=("vip",), ends_at=mailing.ends_at, window=LocalTimeWindow(time(9), time(21))
            ),
        )
        await pause_mailing(mailing.id)
        await resume_mailing(mailing.id)
        await cancel_mailing(mailing.id)
        await delete_mailing(mailing.id)

    # Then
    entry = {"log_level": "info", "mailing_id": mailing.id}
    assert [without_moment(log) for log in logs if log["event"].startswith("mailing.")] == [
        entry
        | {
            "event": "mailing.created",
            "text": "Hello",
            "starts_at": LATER,
            "ends_at": LATER + timedelta(days=1),
            "operator_codes": None,
            "tags": None,
            "max_rate": None,
        },
        entry
        | {
            "event": "mailing.updated",
            "changed": ["text", "tags", "window_opens_at", "window_closes_at"],
            "text": "Secret",  # The log itself shows a length, or no more than that is wanted.
            "tags": ["vip"],
        },
        entry | {"event": "mailing.paused"},
        entry | {"event": "mailing.resumed"},
        entry | {"event": "mailing.cancelled"},
        entry | {"event": "mailing.deleted"},
    ]


def without_moment(entry: MutableMapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "timestamp"}


async def test_lines_tell_of_a_change_by_the_time_before_its_commit_since_others_go_on_at_once(
    mailing_id: int,
) -> None:
    """Else the lines of a worker that starts a mailing stand before the line of its creation."""
    # Given a queue whose jobs are done before it has answered
    went_on: list[datetime] = []

    async def go_on(job: Job) -> None:
        went_on.append(datetime.now(UTC))

    jobs.send_through(go_on)

    # When
    with capture_logs() as logs:
        await pause_mailing(mailing_id)
        await resume_mailing(mailing_id)
        await create_mailing(new_mailing())
        await delete_mailing(mailing_id)

    # Then
    told = {log["event"]: log["timestamp"] for log in logs}
    assert told["mailing.resumed"] < went_on[0]
    assert told["mailing.created"] < went_on[1]
    assert told["mailing.deleted"] < went_on[2]


async def test_what_was_refused_is_not_logged_as_done(mailing_id: int) -> None:
    # When
    with capture_logs() as logs:
        for refused in (postpone(mailing_id), resume_mailing(mailing_id), delete_mailing(mailing_id + 1)):
            with pytest.raises((MailingAlreadyStartedError, MailingNotPausedError, NotFoundError)):
                await refused

    # Then
    assert logs == []


async def test_values_that_cannot_be_taken_change_nothing_and_are_told_with_what_the_stored_mailing_forbids(
    mailing_id: int,
) -> None:
    # Given
    before = await everything()

    # Then
    with pytest.raises(InvalidInputError, match=r"^text: must not be blank; endsAt: must be in the future"):
        await update_mailing(
            mailing_id,
            mailing_changes(text=" ", ends_at=(datetime.now(UTC) - timedelta(milliseconds=100)).isoformat()),
        )
    assert await everything() == before


async def test_the_same_text_again_is_no_new_wording(mailing_id: int, sql: Sql) -> None:
    # When
    await update_mailing(mailing_id, MailingChanges(text="Hello"))

    # Then
    assert await sql("SELECT version FROM mailing_text") == [{"version": 1}]
