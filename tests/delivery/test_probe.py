"""Probes: sent under the conditions of any other request, and stopped by nothing but a provider that fails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from mailing.db import orm
from mailing.delivery import messages
from mailing.delivery import probe_request as module
from mailing.delivery.breaker import BreakerCause, BreakerState
from mailing.delivery.channel_queries import Experience, exchange, probe_is_due, read_channel
from mailing.delivery.passage import Passage
from mailing.delivery.probe import probe
from mailing.delivery.rate_limit import RateLimits
from mailing.delivery.start import start
from mailing.delivery.turn import take_turn
from mailing.delivery.turnstile import Turnstile
from mailing.mailings.service import create_mailing, pause_mailing, update_mailing
from mailing.mailings.validation import MailingChanges
from mailing.models.mailing import Mailing
from mailing.provider.answers import answer_from_response
from mailing.provider.fake import FakeProvider, Scenario
from mailing.provider.protocol import Answer, Outgoing
from tests.conftest import Sql
from tests.delivery.accounts import assert_accounts_are_exact, assert_every_try_is_noted
from tests.delivery.conftest import Worker, counts, has_status, new_mailing
from tests.delivery.departures import Departures, Permitted, departures, permitted
from tests.delivery.stories import Clients, Held, has_counts
from tests.delivery.windows import most_in_any_second
from tests.waiting import until

__all__ = ["departures", "permitted"]  # fixtures


class Picky:
    """A provider that answers some messages with a status of its own, and hands the others on."""

    def __init__(self, worker: Worker, status_for: Callable[[Outgoing], int | None]) -> None:
        self._provider = worker.engine.provider
        self._status_for = status_for
        worker.engine.provider = self

    async def send(self, message: Outgoing, *, leave_within: float | None = None) -> Answer:
        status = self._status_for(message)
        if status is None:
            return await self._provider.send(message, leave_within=leave_within)
        return answer_from_response(status, {}, b"", started_at=datetime.now(UTC), duration_ms=1)

    async def close(self) -> None:
        await self._provider.close()


async def begin(worker: Worker, slots: int = 1, **changes: object) -> Mailing:
    """A mailing that runs while nobody works on it yet."""
    asleep, worker.asleep = worker.asleep, True
    mailing = await create_mailing(new_mailing(**changes))
    await start(mailing.id, slots=slots)
    worker.asleep = asleep
    return mailing


async def open_channel(worker: Worker) -> None:
    """Open, with a probe that is due."""
    await exchange(worker.engine.channel.policy, Experience(20, 20, "timeout", None))
    await due_now()
    await worker.engine.channel.look_again()


async def due_now() -> None:
    await orm.fetch("UPDATE provider_channel SET next_probe_at = now()")


async def is_closed() -> bool:
    return (await read_channel()).state is BreakerState.CLOSED


async def test_a_token_that_is_refused_when_the_provider_is_back_raises_the_alert_once(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given a channel that is open for failures
    await clients(10)
    mailing = await begin(worker)
    await open_channel(worker)
    await provider.set_scenario(Scenario(unauthorized=True))

    # When
    with capture_logs() as logs:
        for _ in range(3):
            await due_now()
            assert await probe(worker.engine, mailing.id)

    # Then
    standing = await read_channel()
    assert (standing.state, standing.cause) == (BreakerState.OPEN, BreakerCause.TOKEN_REFUSED)
    (alert,) = [line for line in logs if line["log_level"] == "error"]
    assert alert["event"] == "provider.token_refused"
    assert "MAILING_PROVIDER_TOKEN" in alert["what_to_do"]


async def test_a_message_for_which_alone_the_token_is_refused_does_not_keep_the_channel_shut(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    """As where a firewall before the provider answers 403 to a certain text."""
    # Given a message that is due before all others
    await clients(10)
    mailing = await begin(worker)
    await sql("UPDATE message SET timezone = 'UTC', due_at = now() - interval '1 minute' * (id = 1)::int")
    Picky(worker, lambda message: 403 if message.id == 1 else None)
    await open_channel(worker)

    # When
    for _ in range(3):
        await due_now()
        await probe(worker.engine, mailing.id)

    # Then
    assert await is_closed()
    assert await sql("SELECT attempts, status FROM message WHERE id = 1") == [{"attempts": 0, "status": "PENDING"}]
    assert await sql("SELECT id FROM message ORDER BY due_at DESC LIMIT 1") == [{"id": 1}]


async def test_a_mailing_that_the_provider_cannot_digest_does_not_keep_others_from_probing(
    worker: Worker, provider: FakeProvider, clients: Clients
) -> None:
    # Given the most urgent mailing, whose text breaks the provider
    await clients(40)
    Picky(worker, lambda message: 500 if message.text == "poison" else None)
    now = datetime.now(UTC)
    await begin(worker, text="poison", ends_at=now + timedelta(minutes=10))
    healthy = await begin(worker, text="healthy", ends_at=now + timedelta(hours=1))
    await open_channel(worker)

    async def healthy_is_sent() -> bool:
        await due_now()
        return await has_status(healthy.id, "FINISHED")

    # When / Then
    await worker.until(healthy_is_sent)


async def test_probes_keep_the_limit_of_their_mailing(
    worker: Worker, clients: Clients, permitted: Permitted, departures: Departures
) -> None:
    # Given
    await clients(6)
    mailing = await begin(worker, max_rate=2)
    await open_channel(worker)

    # When
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"sent": 6}
    assert most_in_any_second(permitted[f"mailing:{mailing.id}"]) <= 2
    assert len(permitted[f"mailing:{mailing.id}"]) >= len(departures.all) >= 6


async def test_probes_keep_the_limit_of_the_provider(
    worker: Worker, clients: Clients, permitted: Permitted, departures: Departures
) -> None:
    # Given
    await clients(6)
    worker.engine.turnstile.provider = worker.engine.limits.bucket("provider", 2)
    mailing = await begin(worker)
    await open_channel(worker)

    # When
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert most_in_any_second(permitted["provider"]) <= 2
    assert len(permitted["provider"]) >= len(departures.all) >= 6
    worker.engine.turnstile.provider = None


async def test_a_probe_needs_a_free_connection_and_gives_it_back(
    worker: Worker, provider: FakeProvider, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a process whose only connection is in use
    await clients(6)
    monkeypatch.setattr(module, "LONGEST_WAIT_SECONDS", 0.3)
    worker.engine.turnstile = Turnstile(1)
    with Passage(worker.engine.turnstile, None, datetime.now(UTC)) as in_use:
        assert await in_use.opens_within(0)
        mailing = await begin(worker)
        await open_channel(worker)

        # When / Then
        assert not await probe(worker.engine, mailing.id)
        assert provider.ledger.requests == 0
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))


async def test_nothing_comes_between_the_last_look_and_the_request_of_a_probe(
    worker: Worker, provider: FakeProvider, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given something that happens in the round of the event loop after a passage has opened
    await clients(1)
    mailing = await begin(worker)
    await open_channel(worker)
    happened: list[str] = []

    async def opens_within(passage: Passage, seconds: float) -> bool:
        asyncio.get_running_loop().call_soon(happened.append, "something else")
        return await opens(passage, seconds)

    def note_request(_: Outgoing) -> None:
        happened.append("the request")

    opens = Passage.opens_within
    monkeypatch.setattr(Passage, "opens_within", opens_within)
    Picky(worker, note_request)

    # When
    assert await probe(worker.engine, mailing.id)

    # Then
    assert happened == ["the request", "something else"]


@pytest.fixture
async def without_redis(worker: Worker) -> AsyncIterator[None]:
    """No mailing with a limit gets a permit."""
    away: Redis = Redis.from_url("redis://127.0.0.1:9/0")
    worker.engine.limits = RateLimits(away, worker.engine.turnstile.let_pass)
    yield
    worker.engine.limits.close()
    await away.aclose()


@pytest.mark.usefixtures("without_redis")
async def test_without_redis_a_mailing_with_a_limit_is_not_probed_with(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    await clients(2)
    monkeypatch.setattr(module, "LONGEST_WAIT_SECONDS", 0.3)
    mailing = await begin(worker, max_rate=1_000)
    await open_channel(worker)

    # When
    assert not await probe(worker.engine, mailing.id)

    # Then whoever has another mailing may probe, and nothing was spent
    assert provider.ledger.requests == 0
    assert await probe_is_due()
    assert await sql("SELECT DISTINCT status, attempts FROM message") == [{"status": "PENDING", "attempts": 0}]


@pytest.mark.parametrize("event", ["the mailing is paused", "its text is edited", "the worker is told to stop"])
@pytest.mark.usefixtures("without_redis")
async def test_a_probe_that_waits_for_a_permit_is_given_up_when(
    worker: Worker, clients: Clients, monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    # Given one that would wait for an hour
    await clients(2)
    monkeypatch.setattr(module, "LONGEST_WAIT_SECONDS", 3600)
    mailing = await begin(worker, max_rate=1_000)
    await open_channel(worker)
    probing = asyncio.create_task(probe(worker.engine, mailing.id))
    await until(lambda: has_counts(mailing.id, pending=1, sending=1))

    # When
    if event == "the mailing is paused":
        await pause_mailing(mailing.id)
    elif event == "its text is edited":
        await update_mailing(mailing.id, MailingChanges(text="Good-bye"))
    else:
        worker.engine.stopping = True

    # Then
    assert not await probing
    assert await counts(mailing.id) == {"pending": 2}


async def test_a_worker_that_is_told_to_stop_does_not_wait_for_a_probe_for_ever(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given a probe that hangs for ever
    await clients(1)
    worker.engine.pace = replace(worker.engine.pace, answers_seconds=0.1)
    mailing = await begin(worker)
    held = Held(worker)
    await open_channel(worker)
    turn = asyncio.create_task(take_turn(worker.engine, mailing.id))
    await until(lambda: held.requests == 1)

    # When
    worker.engine.stopping = True
    await turn

    # Then it is handed back as one that may have been taken, and another process may probe at once
    assert await sql("SELECT status, attempts, uncertain FROM message") == [
        {"status": "PENDING", "attempts": 0, "uncertain": True}
    ]
    assert await sql("SELECT outcome, spent FROM delivery_attempt") == [{"outcome": "UNANSWERED", "spent": False}]
    assert await sql("SELECT count(token) AS n FROM delivery_slot") == [{"n": 0}]
    assert await probe_is_due()
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


async def test_a_message_that_only_the_database_would_send_makes_room_for_others(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the zone data of the two differ, it would be claimed for each probe."""
    # Given
    await clients(3)
    mailing = await begin(worker)
    await sql("UPDATE message SET due_at = now() - interval '1 minute' * (id = 1)::int, timezone = 'UTC'")
    monkeypatch.setattr(messages, "is_open", lambda *_: False)
    await open_channel(worker)

    # When
    assert not await probe(worker.engine, mailing.id)
    monkeypatch.undo()

    # Then
    assert await sql("SELECT id FROM message WHERE due_at > now()") == [{"id": 1}]
    assert provider.ledger.requests == 0
