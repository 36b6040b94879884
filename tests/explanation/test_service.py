"""Explanations of what is in the database."""

from datetime import UTC, datetime, timedelta

import pytest

from mailing.clients.service import create_client, delete_client, update_client
from mailing.clients.validation import NewClient, client_changes
from mailing.explanation.explanation import Cause, Explanation, Outcome
from mailing.explanation.service import explain_delivery
from mailing.mailings.service import cancel_mailing, create_mailing, delete_mailing
from tests.conftest import Sql
from tests.delivery.conftest import Worker, new_mailing, run_mailing
from tests.delivery.stories import Clients, has_counts
from tests.delivery.test_windows_in_sending import closed_everywhere

O, C = Outcome, Cause  # noqa: E741


async def explained(client_id: int, mailing_id: int) -> Explanation:
    told = await explain_delivery(client_id, mailing_id)
    assert told is not None
    return told


def short(told: Explanation) -> tuple[Outcome, Cause]:
    return told.judgement.outcome, told.judgement.cause


async def test_a_client_whose_values_changed_since_is_told_what_was_then_and_is_now(
    worker: Worker, clients: Clients
) -> None:
    # Given clients 1 (vip) and 2 (new), and a mailing for the tag vip
    await clients(2)
    mailing = await run_mailing(worker, tags=("vip",))

    # When they change places
    await update_client(1, client_changes(tag="new"))
    await update_client(2, client_changes(tag="vip"))

    # Then
    sent, not_sent = await explained(1, mailing.id), await explained(2, mailing.id)
    assert (short(sent), short(not_sent)) == ((O.SENT, C.ACCEPTED), (O.NOT_SENT, C.FILTER))
    told = [
        (match.tag, match.matches)
        for match in (sent.filter_then, sent.filter_now, not_sent.filter_then, not_sent.filter_now)
        if match is not None
    ]
    assert told == [("vip", True), ("new", False), ("new", False), ("vip", True)]
    assert (sent.tries, sent.message_id, not_sent.tries, not_sent.message_id) == (1, 1, 0, None)


async def test_a_client_who_came_too_late_is_told_so(worker: Worker, clients: Clients) -> None:
    await clients(1)
    mailing = await run_mailing(worker)
    late = await create_client(NewClient(79160000000, "916", "", "UTC"))

    assert short(await explained(late.id, mailing.id)) == (O.NOT_SENT, C.CLIENT_ADDED_LATER)


async def test_a_deleted_client_is_told_of_what_was_sent_before_and_is_not_after(
    worker: Worker, clients: Clients
) -> None:
    await clients(1)
    before = await run_mailing(worker)
    waiting = await create_mailing(new_mailing(window=closed_everywhere()))
    await worker.until(lambda: has_counts(waiting.id, pending=1))

    await delete_client(1)
    after = await create_mailing(new_mailing())
    await worker.idle()

    assert short(await explained(1, before.id)) == (O.SENT, C.ACCEPTED)
    assert short(await explained(1, waiting.id)) == (O.NOT_SENT, C.CLIENT_DELETED)
    assert short(await explained(1, after.id)) == (O.NOT_SENT, C.CLIENT_DELETED)


async def test_a_message_that_waits_is_told_when_its_window_opens(worker: Worker, clients: Clients) -> None:
    await clients(1)
    mailing = await create_mailing(
        new_mailing(window=closed_everywhere(), ends_at=datetime.now(UTC) + timedelta(days=2))
    )
    await worker.until(lambda: has_counts(mailing.id, pending=1))

    told = await explained(1, mailing.id)
    await cancel_mailing(mailing.id)

    assert short(told) == (O.WILL_BE_SENT, C.WINDOW_CLOSED)
    assert told.window is not None
    assert not told.window.is_open
    assert told.judgement.earliest_at == told.window.opens_at
    assert short(await explained(1, mailing.id)) == (O.NOT_SENT, C.MAILING_CANCELLED)


@pytest.mark.parametrize("is_removed", [False, True])
async def test_a_deleted_mailing_is_told_of_whether_or_not_its_rows_are_gone(
    worker: Worker, clients: Clients, is_removed: bool, sql: Sql
) -> None:
    await clients(1)
    mailing = await run_mailing(worker)
    worker.asleep = not is_removed
    await delete_mailing(mailing.id)
    await worker.idle()

    assert short(await explained(1, mailing.id)) == (O.UNKNOWN, C.MAILING_DELETED)
    assert bool(await sql("SELECT FROM mailing")) is not is_removed


async def test_what_never_was_is_not_explained(worker: Worker, clients: Clients) -> None:
    await clients(1)
    mailing = await run_mailing(worker)

    assert await explain_delivery(99, mailing.id) is None
    assert await explain_delivery(1, 99) is None
