"""What a mailing leaves, from its creation to its end, and that it outlives the mailing."""

from datetime import UTC, datetime, time, timedelta

from mailing.delivery.claim_queries import claim
from mailing.delivery.selection import select_audience
from mailing.delivery.slot_queries import take_slot
from mailing.delivery.start import start_if_due
from mailing.delivery.window import LocalTimeWindow
from mailing.mailings.service import (
    cancel_mailing,
    create_mailing,
    delete_mailing,
    pause_mailing,
    resume_mailing,
    update_mailing,
)
from mailing.mailings.validation import MailingChanges
from mailing.origin import Origin, arising_from
from mailing.paging import Slice
from mailing.timeline.entries import EntryKind, TimelineEntry
from mailing.timeline.mailing_queries import counts_of_mailings, pages_of_mailings
from tests.conftest import Sql
from tests.delivery.conftest import Worker, has_status, new_mailing, run_mailing
from tests.delivery.stories import Clients

K = EntryKind


async def timeline(mailing_id: int) -> list[TimelineEntry]:
    """All of it, asserted to be counted right."""
    page = (await pages_of_mailings([mailing_id], Slice(100)))[mailing_id]
    assert await counts_of_mailings([mailing_id]) == {mailing_id: len(page.items)}
    return list(page.items)


def told(entries: list[TimelineEntry]) -> list[tuple[EntryKind, int | None]]:
    return [(entry.kind, entry.messages) for entry in entries]


async def test_a_mailing_that_is_sent_tells_of_its_steps(worker: Worker, clients: Clients) -> None:
    await clients(30)

    with arising_from(Origin("operation", "somebody")):
        mailing = await run_mailing(worker)

    # Where the machine is busy, the channel may be held meanwhile.
    entries = [entry for entry in await timeline(mailing.id) if entry.mailing_id is not None]
    assert told(entries) == [
        (K.MAILING_CREATED, None),
        (K.MAILING_STARTED, None),
        (K.MAILING_AUDIENCE_SELECTED, 30),
        (K.MAILING_FINISHED, None),
    ]
    assert (entries[0].user, entries[0].operation_id) == ("somebody", "operation")
    values = {column: after for column, (before, after) in entries[0].changes.items() if before is None}
    times = [datetime.fromisoformat(values.pop(column)) for column in ("starts_at", "ends_at")]
    assert times == [mailing.starts_at, mailing.ends_at]
    assert values == {"text": "Hello", "operator_codes": [], "tags": []}


async def test_an_edit_tells_old_and_new_values_and_steering_who_did_it(worker: Worker, clients: Clients) -> None:
    # Given
    await clients(30)
    worker.asleep = True
    mailing = await create_mailing(new_mailing(tags=("vip",)))
    await start_if_due(mailing.id, 1)

    # When
    with arising_from(Origin("operation", "somebody")):
        await pause_mailing(mailing.id)
        window = LocalTimeWindow(time(9), time(18))
        await update_mailing(mailing.id, MailingChanges(text="Hello again", window=window, max_rate=None))
        await update_mailing(mailing.id, MailingChanges(operator_codes=("900",)))
        await resume_mailing(mailing.id)
        await cancel_mailing(mailing.id)

    # Then
    entries = (await timeline(mailing.id))[2:]
    assert [(entry.kind, dict(entry.changes), entry.user) for entry in entries] == [
        (K.MAILING_PAUSED, {}, "somebody"),
        (
            K.MAILING_EDITED,
            {
                "text": ("Hello", "Hello again"),
                "window_opens_at": (None, "09:00:00"),
                "window_closes_at": (None, "18:00:00"),
            },
            "somebody",
        ),
        (K.MAILING_EDITED, {"operator_codes": ([], ["900"])}, "somebody"),
        (K.MAILING_RESUMED, {}, "somebody"),
        (K.MAILING_CANCELLED, {}, "somebody"),
    ]


async def test_a_mailing_whose_end_comes_tells_how_many_still_waited(
    worker: Worker, clients: Clients, sql: Sql
) -> None:
    # Given a mailing of whose window nobody's clock is inside
    await clients(30)
    mailing = await create_mailing(new_mailing(window=_closed_everywhere()))
    await worker.until(lambda: _is_selected(sql, mailing.id))

    # When
    await sql("UPDATE mailing SET starts_at = starts_at - interval '1 hour', ends_at = now()")
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert told(await timeline(mailing.id))[2:] == [
        (K.MAILING_AUDIENCE_SELECTED, 30),
        (K.MAILING_EDITED, None),
        (K.MAILING_EXPIRED, 30),
        (K.MAILING_FINISHED, None),
    ]


async def test_what_happened_to_a_deleted_mailing_can_still_be_told(worker: Worker, clients: Clients, sql: Sql) -> None:
    await clients(5)
    mailing = await run_mailing(worker)

    with arising_from(Origin("operation", "somebody")):
        await delete_mailing(mailing.id)
    await worker.idle()

    assert await sql("SELECT FROM mailing") == []
    entries = await timeline(mailing.id)
    assert (entries[0].changes["text"], entries[-1].kind, entries[-1].user) == (
        (None, "Hello"),
        K.MAILING_DELETED,
        "somebody",
    )


async def test_a_mailing_that_is_deleted_while_it_runs_is_not_said_to_be_cancelled(worker: Worker, sql: Sql) -> None:
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, 1)

    await delete_mailing(mailing.id)

    kinds = [kind for kind, _ in told(await timeline(mailing.id))]
    assert kinds == [K.MAILING_CREATED, K.MAILING_STARTED, K.MAILING_DELETED]


async def test_a_channel_that_is_held_meanwhile_or_was_held_by_then_is_told_of(worker: Worker, sql: Sql) -> None:
    # Given a channel that was held, released, held again before the mailing started
    worker.asleep = True
    for state, cause in (("OPEN", "FAILURES"), ("CLOSED", None), ("OPEN", "FAILURES")):
        await sql("UPDATE provider_channel SET state = $1, cause = $2", state, cause)
    mailing, never_started = await create_mailing(new_mailing()), await create_mailing(new_mailing())
    await start_if_due(mailing.id, 1)

    # When it is released while the mailing runs, and held once more after it
    await sql("UPDATE provider_channel SET state = 'CLOSED', cause = NULL")
    await cancel_mailing(mailing.id)
    await sql("UPDATE provider_channel SET state = 'OPEN', cause = 'TOKEN_REFUSED'")

    # Then
    assert [kind for kind, _ in told(await timeline(mailing.id))] == [
        K.CHANNEL_HELD,
        K.MAILING_CREATED,
        K.MAILING_STARTED,
        K.CHANNEL_RELEASED,
        K.MAILING_CANCELLED,
    ]
    assert [kind for kind, _ in told(await timeline(never_started.id))] == [K.MAILING_CREATED]


async def test_a_worker_that_falls_silent_is_told_of(worker: Worker, clients: Clients, sql: Sql) -> None:
    # Given a worker that has claimed and says no more
    await clients(3)
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, 1)
    await select_audience(mailing.id)
    lease = await take_slot(mailing.id, "host:7", timedelta(seconds=4))
    assert lease is not None
    await claim(lease, timedelta(seconds=4), 100)
    await sql("UPDATE delivery_slot SET leased_until = now() - interval '1 second'")

    # When
    await worker.sweep()

    # Then
    entry = (await timeline(mailing.id))[-1]
    assert (entry.kind, entry.messages, entry.reason) == (K.MAILING_LEASE_TAKEN_BACK, 3, "host:7")


def _closed_everywhere() -> LocalTimeWindow:
    """A minute that is far from now in all zones of the clients."""
    now = datetime.now(UTC)
    hours = [(now + timedelta(hours=offset)).hour for offset in (2, 3, 10)]
    hour = next(hour for hour in range(24) if all(hour not in (taken, (taken + 1) % 24) for taken in hours))
    return LocalTimeWindow(time(hour), time(hour, 1))


async def _is_selected(sql: Sql, mailing_id: int) -> bool:
    return bool(await sql("SELECT FROM mailing WHERE id = $1 AND selected_at IS NOT NULL", mailing_id))
