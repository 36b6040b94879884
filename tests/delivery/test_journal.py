"""What is told of each message on its way."""

from typing import Any

from structlog.testing import capture_logs

from mailing.provider.fake import FakeProvider, Scenario
from tests.delivery.conftest import Worker, run_mailing
from tests.delivery.stories import Clients


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
    told: list[dict[str, Any]] = [dict(line) for line in logs if line["event"].startswith("message.")]
    assert len(told) == 2 * provider.ledger.requests > 2
    assert {(line["mailing_id"], line["client_id"], line["message_id"]) for line in told} == {(mailing.id, 1, 1)}
    assert [line["event"] for line in told[::2]] == ["message.requested"] * provider.ledger.requests
    assert [line["event"] for line in told[1::2]] == ["message.answered"] * provider.ledger.requests
    *failed, last = told[1::2]
    assert {(line["outcome"], line["reason"], line["status"]) for line in failed} == {
        ("DEFERRED", "HTTP 500", "PENDING")
    }
    assert all(line["due_at"] is not None for line in failed)
    assert (last["outcome"], last["http_status"], last["status"], last["due_at"]) == ("ACCEPTED", 200, "SENT", None)
