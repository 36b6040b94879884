"""What happened to a message, and around it, from the real steps of a worker."""

import asyncio
from collections.abc import Coroutine
from contextvars import Context
from datetime import timedelta
from typing import Any

from mailing.clients.service import delete_client, update_client
from mailing.clients.validation import client_changes
from mailing.db.unit_of_work import unit_of_work
from mailing.delivery.claim_queries import claim, record
from mailing.delivery.messages import handed_back
from mailing.delivery.selection import select_audience
from mailing.delivery.slot_queries import take_slot
from mailing.delivery.start_queries import mark_started
from mailing.mailings.change_queries import lock_row
from mailing.mailings.service import cancel_mailing, create_mailing, pause_mailing, resume_mailing, update_mailing
from mailing.mailings.validation import MailingChanges
from mailing.models.message import MessageStatus
from mailing.paging import Slice
from mailing.provider.fake import FakeProvider, Scenario
from mailing.timeline.entries import EntryKind, TimelineEntry
from mailing.timeline.messages import cut, timelines_of_messages
from tests.conftest import Sql
from tests.delivery.conftest import Worker, has_status, new_mailing, run_mailing
from tests.delivery.stories import Clients, has_counts
from tests.delivery.test_windows_in_sending import closed_everywhere
from tests.waiting import until

K, S = EntryKind, MessageStatus
MINUTE = timedelta(minutes=1)


async def timeline(message_id: int = 1) -> list[TimelineEntry]:
    return (await timelines_of_messages([message_id]))[message_id]


def kinds(entries: list[TimelineEntry]) -> list[EntryKind]:
    return [entry.kind for entry in entries]


async def test_tries_are_told_with_their_answers_and_until_when_they_put_it_off(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given a provider that fails once
    await clients(1)
    await provider.set_scenario(Scenario(error_share=1))
    mailing = await create_mailing(new_mailing())
    await worker.until(lambda: _has_tried(sql))
    await provider.set_scenario(Scenario())

    # When
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    entries = await timeline()
    tries = [entry for entry in entries if entry.attempt]
    assert kinds(entries)[:2] == [K.MAILING_STARTED, K.MESSAGE_CREATED]
    assert kinds(entries)[-2:] == [K.MESSAGE_TRIED, K.MESSAGE_ENDED]
    assert entries[-1].status is S.SENT
    first, last = tries[0], tries[-1]
    assert first.attempt is not None
    assert last.attempt is not None
    assert first.until is not None
    assert (first.attempt.outcome, first.attempt.http_status) == ("DEFERRED", 500)
    assert (last.attempt.outcome, last.until) == ("ACCEPTED", None)
    assert first.at < first.until <= tries[1].at
    assert entries == sorted(entries, key=lambda entry: entry.place)


async def test_a_refusal_ends_the_message_when_it_came(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    await clients(1)
    await provider.set_scenario(Scenario(refuse_share=1))
    await run_mailing(worker)

    entries = await timeline()

    assert (entries[-1].kind, entries[-1].status, entries[-1].reason) == (K.MESSAGE_ENDED, S.FAILED, "HTTP 400")
    assert entries[-1].at >= entries[-2].at


async def test_what_happens_around_a_message_is_told_until_it_ends(worker: Worker, clients: Clients, sql: Sql) -> None:
    # Given a message that waits for its window
    await clients(2)
    mailing = await create_mailing(new_mailing(window=closed_everywhere()))
    await worker.until(lambda: has_counts(mailing.id, pending=2))
    await worker.idle()

    # When
    await pause_mailing(mailing.id)
    await update_client(1, client_changes(timezone="Europe/Kaliningrad"))
    await update_client(2, client_changes(tag="nobody's but the other's"))
    await resume_mailing(mailing.id)
    await update_mailing(mailing.id, MailingChanges(window=None))
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))
    await update_client(1, client_changes(tag="later"))

    # Then
    found = [kind for kind in kinds(await timeline()) if kind is not K.MAILING_AUDIENCE_SELECTED]
    assert found == [
        K.MAILING_STARTED,
        K.MESSAGE_CREATED,
        K.MESSAGE_WINDOW_CLOSED,
        K.MAILING_PAUSED,
        K.CLIENT_EDITED,
        K.MAILING_RESUMED,
        K.MESSAGE_WINDOW_CLOSED,
        K.MAILING_EDITED,
        K.MESSAGE_TRIED,
        K.MESSAGE_ENDED,
    ]


async def test_a_cancelled_mailing_ends_its_messages_at_that_moment(worker: Worker, clients: Clients) -> None:
    await clients(1)
    mailing = await create_mailing(new_mailing(window=closed_everywhere()))
    await worker.until(lambda: has_counts(mailing.id, pending=1))

    await cancel_mailing(mailing.id)

    entries = await timeline()
    assert kinds(entries)[-2:] == [K.MAILING_CANCELLED, K.MESSAGE_ENDED]
    assert (entries[-1].status, entries[-1].at) == (S.CANCELLED, entries[-2].at)


async def test_a_message_of_a_deleted_client_ends_with_the_client(worker: Worker, clients: Clients) -> None:
    await clients(1)
    mailing = await create_mailing(new_mailing(window=closed_everywhere()))
    await worker.until(lambda: has_counts(mailing.id, pending=1))

    await delete_client(1)

    entries = await timeline()
    assert kinds(entries)[-2:] == [K.CLIENT_DELETED, K.MESSAGE_ENDED]
    assert (entries[-1].status, entries[-1].reason) == (S.CANCELLED, "client deleted")


async def test_one_whom_a_changed_filter_leaves_out_ends_and_goes_on_when_taken_in_again(
    worker: Worker, clients: Clients
) -> None:
    # Given
    await clients(2)
    mailing = await create_mailing(new_mailing(window=closed_everywhere()))
    await worker.until(lambda: has_counts(mailing.id, pending=2))

    # When
    await update_mailing(mailing.id, MailingChanges(tags=("new",)))
    await worker.until(lambda: has_counts(mailing.id, pending=1, cancelled=1))
    left_out = await timeline()
    await update_mailing(mailing.id, MailingChanges(tags=()))
    await worker.until(lambda: has_counts(mailing.id, pending=2))

    # Then
    assert (left_out[-1].kind, left_out[-1].status) == (K.MESSAGE_ENDED, S.CANCELLED)
    assert left_out[-1].reason == "left out by the changed filter"
    assert K.MAILING_EDITED in kinds(left_out)
    assert K.MESSAGE_ENDED not in kinds(await timeline())


async def test_a_message_that_is_not_there_has_no_timeline(sql: Sql) -> None:
    assert await timelines_of_messages([7]) == {}


async def test_parts_lead_through_a_timeline_both_ways(worker: Worker, clients: Clients) -> None:
    await clients(1)
    await run_mailing(worker)
    whole = await timeline()

    assert _walk(whole, from_end=False) == whole
    assert _walk(whole, from_end=True) == whole[::-1]
    assert cut(whole, Slice(100)).items == whole


def _walk(whole: list[TimelineEntry], *, from_end: bool) -> list[TimelineEntry]:
    found: list[TimelineEntry] = []
    edge: Any = None
    while True:
        page = cut(whole, Slice(1, before=edge, from_end=True) if from_end else Slice(1, after=edge))
        found += page.items
        if not (page.has_previous if from_end else page.has_next):
            return found
        edge = page.items[0].place


async def _has_tried(sql: Sql) -> bool:
    return bool(await sql("SELECT FROM delivery_attempt"))


async def test_the_edit_that_leaves_a_message_out_is_told_before_its_end_where_a_step_waited_for_the_edit(
    worker: Worker, clients: Clients
) -> None:
    # Given a message to client 1 (vip)
    await clients(1)
    mailing = await create_mailing(new_mailing(window=closed_everywhere()))
    await worker.until(lambda: has_counts(mailing.id, pending=1))
    worker.asleep = True
    await worker.idle()

    # When a step of the selection has begun before the edit, and goes on after it
    async with unit_of_work():
        await elsewhere(update_mailing(mailing.id, MailingChanges(tags=("new",))))
        await select_audience(mailing.id)

    # Then
    assert kinds(await timeline())[-2:] == [K.MAILING_EDITED, K.MESSAGE_ENDED]


async def test_the_choice_is_told_after_the_edit_that_it_waited_for(worker: Worker, clients: Clients) -> None:
    # Given a mailing that has started and has chosen nobody
    await clients(1)
    worker.asleep = True
    mailing = await create_mailing(new_mailing(tags=("new",)))
    await mark_started(mailing.id)

    # When
    async with unit_of_work():
        await elsewhere(update_mailing(mailing.id, MailingChanges(tags=("vip",))))
        await select_audience(mailing.id)

    # Then
    assert kinds(await timeline())[:3] == [K.MAILING_STARTED, K.MAILING_EDITED, K.MESSAGE_CREATED]


async def test_a_cancellation_is_told_before_the_end_of_what_was_handed_back_meanwhile(
    worker: Worker, clients: Clients, sql: Sql
) -> None:
    # Given a message in the hands of a worker
    await clients(1)
    mailing = await create_mailing(new_mailing(window=closed_everywhere()))
    await worker.until(lambda: has_counts(mailing.id, pending=1))
    worker.asleep = True
    await worker.idle()
    await update_mailing(mailing.id, MailingChanges(window=None))
    lease = await take_slot(mailing.id, "test", MINUTE)
    assert lease is not None
    claimed = await claim(lease, MINUTE, 1)
    assert claimed is not None

    # When the worker hands it back, and waits for somebody who cancels the mailing
    async with unit_of_work():
        await lock_row(mailing.id)
        handing_back = asyncio.create_task(
            record(lease, MINUTE, [handed_back(message) for message in claimed[1]]), context=Context()
        )
        await until(lambda: sql("SELECT FROM pg_locks WHERE NOT granted"))
        await cancel_mailing(mailing.id)
    await handing_back

    # Then
    assert kinds(await timeline())[-2:] == [K.MAILING_CANCELLED, K.MESSAGE_ENDED]


async def elsewhere(work: Coroutine[Any, Any, object]) -> None:
    """Do it in a transaction of its own, though another one is open here."""
    await asyncio.create_task(work, context=Context())
