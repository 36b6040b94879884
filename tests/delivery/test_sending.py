"""Sending: everyone once, whatever the provider does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mailing.db import orm
from mailing.delivery import wake_queries
from mailing.delivery.retry import RetryPolicy
from mailing.delivery.start import start
from mailing.delivery.turn import take_turn
from mailing.delivery.turnstile import Turnstile
from mailing.mailings.service import create_mailing
from mailing.provider.fake import FakeProvider, Scenario
from mailing.provider.opening import open_provider
from tests.conftest import Sql
from tests.delivery.accounts import (
    assert_accounts_are_exact,
    assert_every_try_is_noted,
    assert_provider_has_exactly_what_is_sent,
)
from tests.delivery.conftest import Worker, counts, has_status, new_mailing, run_mailing
from tests.delivery.stories import Clients, work_slowly


async def attempts(where: str = "true") -> dict[str, int]:
    rows = await orm.fetch(f"SELECT outcome, count(*) AS n FROM delivery_attempt WHERE {where} GROUP BY outcome")
    return {row["outcome"]: row["n"] for row in rows}


async def test_three_thousand_are_sent_with_one_try_each(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(3_000)

    # When
    mailing = await run_mailing(worker)

    # Then no result was lost on the way, or it would have taken a rescue
    assert await counts(mailing.id) == {"sent": 3_000}
    assert await sql("SELECT DISTINCT attempts, crashes, uncertain, lease_token, reason FROM message") == [
        {"attempts": 1, "crashes": 0, "uncertain": False, "lease_token": None, "reason": None}
    ]
    assert await attempts() == {"ACCEPTED": 3_000}
    assert provider.ledger.requests == 3_000
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


@pytest.mark.parametrize(
    ("mishap", "outcome"),
    [
        ({"error_share": 0.4}, "DEFERRED"),
        ({"throttle_share": 0.3, "retry_after_seconds": 0}, "DEFERRED"),
        ({"code_share": 0.4}, "DEFERRED"),
        ({"garbage_share": 0.4}, "UNANSWERED"),
        ({"close_before_share": 0.4}, "UNANSWERED"),
        ({"close_after_share": 0.4}, "UNANSWERED"),
        ({"hang_share": 0.05}, "UNANSWERED"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
async def test_all_are_sent_in_the_end_whatever_goes_wrong_between(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql, mishap: dict[str, Any], outcome: str
) -> None:
    # Given
    await clients(60)
    await provider.set_scenario(Scenario(seed=1, **mishap))

    # When
    mailing = await run_mailing(worker)

    # Then
    assert await counts(mailing.id) == {"sent": 60}
    seen = await attempts()
    assert seen.keys() == {"ACCEPTED", outcome}
    assert seen["ACCEPTED"] == 60
    assert provider.ledger.requests == sum(seen.values())
    assert provider.ledger.repeated <= seen.get("UNANSWERED", 0)
    assert await sql("SELECT count(*) AS n FROM message WHERE uncertain OR crashes > 0") == [{"n": 0}]
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


async def test_a_message_that_may_have_been_taken_is_asked_again_only_under_its_id(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given a provider that would take a repeated id again
    await clients(100)
    await provider.set_scenario(Scenario(seed=2, close_after_share=0.5, idempotent=False))

    # When
    await run_mailing(worker)

    # Then
    unanswered = (await attempts())["UNANSWERED"]
    assert provider.ledger.unique == 100
    assert provider.ledger.repeated == unanswered > 0
    assert len({(entry.id, entry.phone) for entry in provider.ledger.entries()}) == 100


async def test_what_the_provider_refuses_fails_with_its_reason(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(20)
    await provider.set_scenario(Scenario(refuse_share=1))

    # When
    mailing = await run_mailing(worker)

    # Then
    assert await counts(mailing.id) == {"failed": 20}
    assert await sql("SELECT DISTINCT status, reason, attempts, sent_at FROM message") == [
        {"status": "FAILED", "reason": "HTTP 400", "attempts": 1, "sent_at": None}
    ]
    await assert_accounts_are_exact()


@pytest.mark.parametrize(
    ("mishap", "status", "reason", "accepted"),
    [
        ({"error_share": 1}, "FAILED", "tries used up: HTTP 500", 0),
        ({"close_after_share": 1}, "UNCONFIRMED", "tries used up: connection lost", 20),
    ],
)
async def test_when_the_tries_are_used_up(
    worker: Worker,
    provider: FakeProvider,
    clients: Clients,
    sql: Sql,
    mishap: dict[str, Any],
    status: str,
    reason: str,
    accepted: int,
) -> None:
    # Given a provider that fails, and a breaker that never minds
    await clients(20)
    worker.engine.channel.policy = replace(worker.engine.channel.policy, least_requests=1_000_000)
    worker.engine.policy = RetryPolicy(3, timedelta(milliseconds=50), timedelta(milliseconds=50))
    await provider.set_scenario(Scenario(**mishap))

    # When
    mailing = await run_mailing(worker)

    # Then
    assert await counts(mailing.id) == {status.lower(): 20}
    assert await sql("SELECT DISTINCT status, reason, attempts FROM message") == [
        {"status": status, "reason": reason, "attempts": 3}
    ]
    assert provider.ledger.unique == accepted
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


async def test_a_refused_token_costs_nothing_but_a_few_requests_and_sending_goes_on_by_itself(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    await clients(500)
    work_slowly(worker)
    monkeypatch.setattr(wake_queries, "WAKE_AGAIN", timedelta(milliseconds=50))
    await provider.set_scenario(Scenario(unauthorized=True))
    mailing = await create_mailing(new_mailing())
    in_flight_at_first = worker.settings.pump_slots * worker.engine.pace.concurrency

    async def has_probed() -> bool:
        return provider.ledger.requests >= in_flight_at_first + 3 and not worker.running

    # When
    await worker.until(has_probed)

    # Then only what was in flight at first, and then one probe after another
    assert await attempts() == {"UNAUTHORIZED": provider.ledger.requests}
    assert provider.ledger.requests < in_flight_at_first + 10
    assert await counts(mailing.id) == {"pending": 500}
    assert await sql("SELECT DISTINCT attempts, status FROM message") == [{"attempts": 0, "status": "PENDING"}]

    # When
    await provider.set_scenario(Scenario())
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"sent": 500}
    assert await sql("SELECT DISTINCT attempts FROM message") == [{"attempts": 1}]
    await assert_every_try_is_noted()
    await assert_provider_has_exactly_what_is_sent(provider)
    await assert_accounts_are_exact()


async def test_a_turn_that_ends_hands_the_rest_to_the_next(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(400)
    work_slowly(worker, concurrency=8, turn_seconds=0.1, batch=50)
    await provider.set_scenario(Scenario(latency_ms=10))

    # When
    mailing = await run_mailing(worker)

    # Then
    assert worker.done.count("mailing.pump") > worker.settings.pump_slots
    assert await counts(mailing.id) == {"sent": 400}
    assert await sql("SELECT DISTINCT attempts FROM message") == [{"attempts": 1}]
    await assert_accounts_are_exact()


async def test_a_bug_in_sending_is_loud_and_its_message_left_to_the_rescue(
    worker: Worker, clients: Clients, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    await clients(1)
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    await start(mailing.id, slots=1)

    class BrokenProvider:
        async def send(self, *_: object, **__: object) -> None:
            raise ZeroDivisionError

    # When
    with monkeypatch.context() as patch:
        patch.setattr(worker.engine, "provider", BrokenProvider())
        with pytest.raises(ZeroDivisionError):
            await take_turn(worker.engine, mailing.id)

    # Then
    assert await counts(mailing.id) == {"sending": 1}
    worker.asleep = False
    await sql("UPDATE delivery_slot SET leased_until = now() - interval '1 second'")
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))
    assert await counts(mailing.id) == {"sent": 1}
    assert await attempts() == {"LOST": 1, "ACCEPTED": 1}
    await assert_accounts_are_exact()


async def test_requests_wait_for_a_free_connection_before_they_count_as_tries(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given a process with fewer connections than its pumps may use, and a provider so slow that waiting for one of
    # them takes longer than connecting may take
    own = worker.settings.model_copy(update={"requests_in_flight": 8})
    await worker.engine.provider.close()
    worker.engine.provider = open_provider(own)
    worker.engine.turnstile = Turnstile(8)
    await provider.set_scenario(Scenario(latency_ms=(300, 300)))
    await clients(48)

    # When
    await run_mailing(worker)

    # Then
    assert await sql("SELECT outcome, count(*) FROM delivery_attempt GROUP BY outcome") == [
        {"outcome": "ACCEPTED", "count": 48}
    ]
