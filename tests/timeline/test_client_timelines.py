"""What happened to a client, with the steps of all messages to the client."""

from datetime import UTC, datetime

from mailing.clients.service import delete_client, update_client
from mailing.clients.validation import client_changes
from mailing.delivery.selection import select_audience
from mailing.delivery.start import start_if_due
from mailing.mailings.service import create_mailing, delete_mailing
from mailing.models.message import MessageStatus
from mailing.paging import Slice
from mailing.timeline.client_queries import counts_of_clients, pages_of_clients
from mailing.timeline.entries import EntryKind, Place, TimelineEntry
from tests.conftest import Sql
from tests.delivery.conftest import Worker, new_mailing, run_mailing
from tests.delivery.stories import Clients
from tests.gql_api.rows import add_clients, add_mailing, add_messages

K = EntryKind
AT = datetime(2020, 3, 1, 12, tzinfo=UTC)


async def timeline(client_id: int) -> list[TimelineEntry]:
    """All of it, asserted to be counted right."""
    page = (await pages_of_clients([client_id], Slice(100)))[client_id]
    assert await counts_of_clients([client_id]) == {client_id: len(page.items)}
    return list(page.items)


async def test_a_client_s_timeline_holds_changes_and_the_steps_of_messages(
    worker: Worker, clients: Clients, sql: Sql
) -> None:
    await clients(2)
    mailing = await run_mailing(worker)
    await update_client(1, client_changes(tag="gone"))

    entries = await timeline(1)

    assert [(entry.kind, entry.mailing_id, entry.message_id) for entry in entries] == [
        (K.CLIENT_CREATED, None, None),
        (K.MESSAGE_CREATED, mailing.id, 1),
        (K.MESSAGE_TRIED, mailing.id, 1),
        (K.MESSAGE_ENDED, mailing.id, 1),
        (K.CLIENT_EDITED, None, None),
    ]
    tried = entries[2].attempt
    assert tried is not None
    assert (tried.number, tried.outcome, tried.http_status, tried.next_try_at) == (1, "ACCEPTED", 200, None)
    assert entries[3].status is MessageStatus.SENT


async def test_a_client_of_before_there_were_events_was_added_when_the_row_says(sql: Sql) -> None:
    (client,) = await add_clients(sql, 1)
    await sql("DELETE FROM event")
    await sql("UPDATE client SET created_at = $1", AT)
    await update_client(client, client_changes(tag="other"))

    assert [(entry.kind, entry.at == AT) for entry in await timeline(client)] == [
        (K.CLIENT_CREATED, True),
        (K.CLIENT_EDITED, False),
    ]


async def test_a_deleted_client_s_timeline_ends_with_what_that_did_to_the_messages(worker: Worker, sql: Sql) -> None:
    (client,) = await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("RUNNING"))

    await delete_client(client)

    entries = await timeline(client)
    assert [entry.kind for entry in entries] == [
        K.CLIENT_CREATED,
        K.MESSAGE_CREATED,
        K.CLIENT_DELETED,
        K.MESSAGE_ENDED,
    ]
    assert (entries[-1].status, entries[-1].reason) == (MessageStatus.CANCELLED, "client deleted")
    assert entries[-1].at == entries[-2].at


async def test_messages_of_a_deleted_mailing_are_gone_from_it(worker: Worker, clients: Clients) -> None:
    await clients(1)
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, 1)
    await select_audience(mailing.id)

    await delete_mailing(mailing.id)

    assert [entry.kind for entry in await timeline(1)] == [K.CLIENT_CREATED]


async def test_pages_by_one_lead_through_entries_of_the_same_moment_both_ways(sql: Sql) -> None:
    # Given a client of whom everything happened in one microsecond
    (client,) = await add_clients(sql, 1)
    for _ in range(2):
        await add_messages(sql, await add_mailing("FINISHED"), "SENT")
    await update_client(client, client_changes(tag="other"))
    await sql("UPDATE event SET at = $1", AT)
    await sql("UPDATE message SET created_at = $1, sent_at = $1", AT)
    await sql(
        """
        INSERT INTO delivery_attempt (message_id, number, started_at, duration_ms, outcome, spent)
        SELECT m.id, n, $1, 0, 'DEFERRED', spent
        FROM message m, generate_series(1, 2) n, (VALUES (true), (false)) v (spent)
        """,
        AT,
    )
    whole = await timeline(client)

    # When
    forwards = await _walk(client, from_end=False)
    backwards = await _walk(client, from_end=True)

    # Then
    assert [(entry.kind, entry.message_id) for entry in whole] == [
        (K.CLIENT_CREATED, None),
        (K.CLIENT_EDITED, None),
        (K.MESSAGE_CREATED, 1),
        (K.MESSAGE_CREATED, 2),
        *[(K.MESSAGE_TRIED, 1)] * 4,
        *[(K.MESSAGE_TRIED, 2)] * 4,
        (K.MESSAGE_ENDED, 1),
        (K.MESSAGE_ENDED, 2),
    ]
    assert [entry.place for entry in whole] == sorted({entry.place for entry in whole})
    assert forwards == whole
    assert backwards == whole[::-1]


async def test_the_clients_of_one_question_have_their_own_pages(sql: Sql) -> None:
    first, second = await add_clients(sql, 2)
    await update_client(second, client_changes(tag="other"))

    pages = await pages_of_clients([first, second, 99], Slice(1, from_end=True))

    told = {id: [(entry.kind, entry.client_id) for entry in page.items] for id, page in pages.items()}
    assert told == {first: [(K.CLIENT_CREATED, first)], second: [(K.CLIENT_EDITED, second)], 99: []}
    assert [page.has_previous for page in pages.values()] == [False, True, False]


async def _walk(client_id: int, *, from_end: bool) -> list[TimelineEntry]:
    found: list[TimelineEntry] = []
    place: Place | None = None
    while True:
        part = Slice(1, before=place, from_end=True) if from_end else Slice(1, after=place)
        page = (await pages_of_clients([client_id], part))[client_id]
        found += page.items
        if not (page.has_previous if from_end else page.has_next):
            return found
        place = page.items[0].place
