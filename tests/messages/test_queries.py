"""Messages as they stand: pages, filters, counts, attempts."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from mailing.messages.queries import (
    Attempt,
    MessageRow,
    attempts_of,
    count_messages_of_clients,
    count_messages_of_mailings,
    messages_by_id,
    messages_of_clients,
    messages_of_mailings,
)
from mailing.messages.status import CLOSED_AS
from mailing.models.message import MessageStatus
from mailing.paging import Page, Slice
from tests.conftest import Sql
from tests.messages.stored import close, store_mailing, store_many, store_message

S = MessageStatus


async def test_a_message_is_told_whole(sql: Sql) -> None:
    # Given a message that failed in its third try
    mailing_id = await store_mailing(sql)
    message_id = await store_message(sql, mailing_id, 5, S.FAILED, reason="400 bad number")
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    await sql("UPDATE message SET attempts = 3, created_at = $1, sent_at = NULL", at)
    # When it is read in each way
    expected = MessageRow(message_id, mailing_id, 5, S.FAILED, "400 bad number", 3, at, None)
    # Then each tells the same
    assert await messages_by_id([message_id, 99]) == {message_id: expected}
    assert await messages_of_mailings([mailing_id], None, Slice(10)) == {mailing_id: Page([expected], False, False)}
    assert await messages_of_clients([5], None, Slice(10)) == {5: Page([expected], False, False)}


async def test_messages_of_a_deleted_mailing_are_invisible_everywhere(sql: Sql) -> None:
    # Given a client with a message of a deleted mailing and one of another
    deleted, kept = await store_mailing(sql, deleted=True), await store_mailing(sql)
    hidden = await store_message(sql, deleted, 5, S.SENT)
    seen = await store_message(sql, kept, 5, S.SENT)
    # Then only the other is in any answer
    assert list(await messages_by_id([hidden, seen])) == [seen]
    assert _ids(await messages_of_clients([5], None, Slice(10))) == {5: [seen]}
    assert _ids(await messages_of_mailings([deleted, kept], None, Slice(10))) == {deleted: [], kept: [seen]}
    assert await count_messages_of_mailings([deleted, kept], [S.SENT]) == {deleted: 0, kept: 1}
    assert await count_messages_of_clients([5, 6], None) == {5: 1, 6: 0}


@pytest.mark.parametrize("from_end", [False, True])
async def test_pages_walk_through_a_mailing_in_the_order_of_its_clients(sql: Sql, from_end: bool) -> None:
    # Given 25 messages, written in another order, beside those of another mailing
    mailing_id, other = await store_mailing(sql), await store_mailing(sql)
    await store_many(sql, other, 50)
    for client_id in random.sample(range(1, 26), 25):
        await store_message(sql, mailing_id, client_id)
    # When walking through them by tens from one end
    pages = []
    part = Slice(10, from_end=from_end)
    while True:
        page = (await messages_of_mailings([mailing_id], None, part))[mailing_id]
        pages.append(([row.client_id for row in page.items], page.has_previous, page.has_next))
        if not (page.has_previous if from_end else page.has_next):
            break
        first, last = page.items[0].client_id, page.items[-1].client_id
        part = Slice(10, before=first, from_end=True) if from_end else Slice(10, after=last)
    # Then every message comes once, and each page knows what lies beside it
    if from_end:
        assert pages == [
            (list(range(16, 26)), True, False), (list(range(6, 16)), True, True), (list(range(1, 6)), False, True),
        ]  # fmt: skip
    else:
        assert pages == [
            (list(range(1, 11)), False, True), (list(range(11, 21)), True, True), (list(range(21, 26)), True, False),
        ]  # fmt: skip


async def test_a_part_between_two_keys_excludes_both(sql: Sql) -> None:
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 9)
    page = (await messages_of_mailings([mailing_id], [S.PENDING], Slice(10, after=3, before=7)))[mailing_id]
    assert [row.client_id for row in page.items] == [4, 5, 6]


async def test_one_statement_reads_the_same_part_of_several_mailings(sql: Sql) -> None:
    # Given mailings that are open, closed, and empty
    open_, closed, empty = [await store_mailing(sql) for _ in range(3)]
    await store_many(sql, open_, 3)
    await store_many(sql, closed, 3)
    await close(sql, closed, S.EXPIRED)
    # When those waiting or expired are asked for
    pages = await messages_of_mailings([open_, closed, empty], [S.PENDING, S.EXPIRED], Slice(2))
    # Then each mailing has its own page
    assert {
        mailing_id: ([(row.client_id, row.status) for row in page.items], page.has_next)
        for mailing_id, page in pages.items()
    } == {
        open_: ([(1, S.PENDING), (2, S.PENDING)], True),
        closed: ([(1, S.EXPIRED), (2, S.EXPIRED)], True),
        empty: ([], False),
    }


@pytest.mark.parametrize("closed_as", [None, *CLOSED_AS])
async def test_a_filter_finds_exactly_what_stands_at_its_statuses(sql: Sql, closed_as: S | None) -> None:
    # Given messages of every kind in a mailing, open or closed
    dice = random.Random(f"{closed_as}")
    mailing_id = await store_mailing(sql)
    for client_id in range(1, 61):
        await store_message(sql, mailing_id, client_id, dice.choice(list(S)), uncertain=dice.random() < 0.5)
    if closed_as is not None:
        await close(sql, mailing_id, closed_as)
    everything = (await messages_of_mailings([mailing_id], None, Slice(100)))[mailing_id].items
    assert len(everything) == 60
    # When they are filtered by each status, by some pairs, by none and by all
    filters = [{status} for status in S] + [set(dice.sample(list(S), 2)) for _ in range(10)] + [set[S](), set(S)]
    for statuses in filters:
        expected = [row for row in everything if row.status in (statuses or set(S))]
        for from_end in (False, True):
            pages = await messages_of_mailings([mailing_id], statuses, Slice(100, from_end=from_end))
            # Then the list is the same as filtering what it says without a filter, and so is the count
            assert pages == {mailing_id: Page(expected, False, False)}
        assert await count_messages_of_mailings([mailing_id], statuses) == {mailing_id: len(expected)}


@pytest.mark.parametrize("from_end", [False, True])
async def test_a_clients_messages_come_in_the_order_of_their_ids(sql: Sql, from_end: bool) -> None:
    # Given a client in five mailings, one of them cancelled, and another client
    mailings = [await store_mailing(sql) for _ in range(5)]
    ids = [await store_message(sql, mailing_id, 7) for mailing_id in mailings]
    await store_message(sql, mailings[0], 8)
    await close(sql, mailings[4], S.CANCELLED)
    # When a part of them is read
    part = Slice(2, before=ids[4], from_end=True) if from_end else Slice(2, after=ids[2])
    page = (await messages_of_clients([7], None, part))[7]
    # Then it is that part, each message as it stands
    told = [(row.id, row.status) for row in page.items]
    if from_end:
        assert (told, page.has_previous, page.has_next) == (
            [(ids[2], S.PENDING), (ids[3], S.PENDING)], True, True,
        )  # fmt: skip
    else:
        assert (told, page.has_previous, page.has_next) == (
            [(ids[3], S.PENDING), (ids[4], S.CANCELLED)], True, False,
        )  # fmt: skip


async def test_attempts_come_in_the_order_in_which_they_began(sql: Sql) -> None:
    # Given two messages with attempts, written in another order, and one without
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    later = at + timedelta(seconds=5)
    await sql(
        "INSERT INTO delivery_attempt VALUES (1, 2, $2, 120, 'ACCEPTED', 200, 0, 'OK', 1, true),"
        " (2, 1, $1, 10, 'UNAUTHORIZED', 401, NULL, 'no', 1, false),"
        " (1, 1, $1, NULL, 'LOST', NULL, NULL, NULL, NULL, true)",
        at,
        later,
    )
    # Then each message has its own, in order
    assert await attempts_of([1, 2, 3]) == {
        1: [
            Attempt(1, at, None, "LOST", None, None, None, None, spent=True),
            Attempt(2, later, 120, "ACCEPTED", 200, 0, "OK", 1, spent=True),
        ],
        2: [Attempt(1, at, 10, "UNAUTHORIZED", 401, None, "no", 1, spent=False)],
        3: [],
    }


async def test_of_very_many_attempts_the_latest_are_told(sql: Sql) -> None:
    await sql(
        "INSERT INTO delivery_attempt (message_id, number, started_at, outcome)"
        " SELECT 1, n, now() + n * interval '1 s', 'UNAVAILABLE' FROM generate_series(1, 1005) AS n"
    )
    assert [attempt.number for attempt in (await attempts_of([1]))[1]] == list(range(6, 1006))


def _ids(pages: dict[int, Page[MessageRow]]) -> dict[int, list[int]]:
    return {owner: [row.id for row in page.items] for owner, page in pages.items()}
