"""What is told of each message on its way."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from mailing.delivery import journal
from mailing.delivery.claim_queries import claim
from mailing.delivery.rescue import rescue_expired
from mailing.delivery.selection import select_audience
from mailing.delivery.slot_queries import take_slot
from mailing.delivery.start import start_if_due
from mailing.logging import Each
from mailing.mailings.service import create_mailing, update_mailing
from mailing.mailings.validation import MailingChanges
from mailing.origin import Origin, arising_from
from mailing.provider.fake import FakeProvider, Scenario
from tests.conftest import Sql
from tests.delivery.conftest import Worker, has_status, new_mailing, run_mailing
from tests.delivery.stories import Clients


def messages_in(logs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines of messages."""
    return [dict(line) for line in logs if line["event"].startswith("message.")]


async def test_each_request_and_what_came_of_it_is_told_in_order(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given
    await clients(1)
    await provider.set_scenario(Scenario(seed=1, error_share=0.9))

    # When
    with capture_logs() as logs:
        mailing = await run_mailing(worker)

    # Then
    created, *told = messages_in(logs)
    assert created == {
        "event": "message.created",
        "log_level": "info",
        "mailing_id": mailing.id,
        "timestamp": created["timestamp"],
        "each": Each(("client_id", "message_id"), [(1, 1)]),
    }
    assert len(told) == 2 * provider.ledger.requests > 2
    assert {(line["mailing_id"], line["client_id"], line["message_id"]) for line in told} == {(mailing.id, 1, 1)}
    assert [line["event"] for line in told[::2]] == ["message.requested"] * provider.ledger.requests
    assert [line["event"] for line in told[1::2]] == ["message.answered"] * provider.ledger.requests
    *failed, last = told[1::2]
    assert {(line["outcome"], line["reason"], line["status"]) for line in failed} == {
        ("DEFERRED", "HTTP 500", "PENDING")
    }
    assert all(line["due_at"] is not None for line in failed)
    assert (last["outcome"], last["http_status"], last["status"], last.get("due_at")) == ("ACCEPTED", 200, "SENT", None)


@pytest.mark.usefixtures("forget_jobs")
async def test_each_message_that_is_taken_back_from_a_silent_worker_is_told(clients: Clients, sql: Sql) -> None:
    # Given a worker that has fallen silent with two of three messages, of which one has killed workers before
    await clients(3)
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=1)
    await select_audience(mailing.id)
    lease = await take_slot(mailing.id, "web-1:4711", timedelta(seconds=30))
    assert lease is not None
    found = await claim(lease, timedelta(seconds=30), 2)
    assert found is not None
    hardy, poisonous = sorted(found[1], key=lambda message: message.id)
    await sql("UPDATE message SET crashes = 4 WHERE id = $1", poisonous.id)
    await sql("UPDATE delivery_slot SET leased_until = now() - interval '1 second'")

    # When
    with capture_logs() as logs:
        await rescue_expired(crash_limit=5, max_attempts=25)

    # Then
    line = {"event": "message.taken_back", "log_level": "info", "mailing_id": mailing.id, "reason": "worker died"}
    names = ("client_id", "message_id")
    assert [{name: value for name, value in entry.items() if name != "timestamp"} for entry in logs] == [
        {
            "event": "rescue.lease_expired",
            "log_level": "warning",
            "mailing_id": mailing.id,
            "messages": 2,
            "silent_worker": "web-1:4711",
        },
        line | {"status": "PENDING", "each": Each(names, [(hardy.client_id, hardy.id)])},
        line | {"status": "UNCONFIRMED", "each": Each(names, [(poisonous.client_id, poisonous.id)])},
    ]


@pytest.mark.usefixtures("forget_jobs")
async def test_messages_that_a_changed_filter_leaves_out_or_takes_in_again_are_told(clients: Clients, sql: Sql) -> None:
    # Given a mailing whose messages wait
    await clients(2)
    await sql("UPDATE client SET tag = 'vip' WHERE id = 1")
    mailing = await create_mailing(new_mailing())
    await start_if_due(mailing.id, slots=1)
    await select_audience(mailing.id)

    # When
    with capture_logs() as logs:
        for tags in (("vip",), ()):
            await update_mailing(mailing.id, MailingChanges(tags=tags))
            await select_audience(mailing.id)

    # Then
    other = Each(("client_id", "message_id"), [(2, 2)])
    assert [(line["event"], line["each"]) for line in messages_in(logs)] == [
        ("message.left_out", other),
        ("message.created", other),
    ]


async def test_lines_of_many_messages_leave_others_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    monkeypatch.setattr(journal, "_AT_ONCE", 2)

    # When
    with capture_logs() as logs:
        await journal.created(7, [(42, 1001), (43, 1002), (44, 1003)], datetime(2026, 11, 22, tzinfo=UTC))

    # Then they are of the same moment
    assert {line["timestamp"] for line in logs} == {datetime(2026, 11, 22, tzinfo=UTC)}
    assert [line["each"].rows for line in logs] == [[(42, 1001), (43, 1002)], [(44, 1003)]]


async def test_what_is_sent_without_being_told_to_names_who_created_the_mailing(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given a mailing whose jobs are lost, and found by the sweep
    await clients(2)
    worker.asleep = True
    with arising_from(Origin("5f0c", "alice")):
        mailing = await create_mailing(new_mailing())
    worker.asleep = False

    # When
    with capture_logs(processors=[merge_contextvars]) as logs:
        await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    told = [line for line in logs if line["event"].startswith("message.")]
    assert {line["event"] for line in told} == {"message.created", "message.requested", "message.answered"}
    assert {(line.get("operation_id"), line.get("user")) for line in told} == {("5f0c", "alice")}
