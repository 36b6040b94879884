"""The channel to the provider: two processes on one database, a provider that fails and comes back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import asyncpg
import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from mailing.delivery.breaker import BreakerCause, BreakerPolicy, BreakerState
from mailing.delivery.channel import TELL_SECONDS, Channel
from mailing.delivery.channel_queries import (
    ChannelStanding,
    Experience,
    claim_probe,
    exchange,
    give_back_probe,
    note_failure,
    note_success,
    probe_is_due,
    read_channel,
)
from mailing.delivery.engine import make_engine
from mailing.delivery.probe import probe
from mailing.delivery.selection import select_audience
from mailing.delivery.start import start
from mailing.delivery.sweep import wake_senders
from mailing.delivery.turn import take_turn
from mailing.mailings.service import create_mailing
from mailing.provider.fake import FakeProvider, Scenario
from mailing.provider.opening import open_provider
from mailing.provider.protocol import Answer, Verdict
from mailing.settings import Settings
from tests.conftest import Sql
from tests.delivery.accounts import (
    assert_accounts_are_exact,
    assert_every_try_is_noted,
    assert_provider_has_exactly_what_is_sent,
)
from tests.delivery.conftest import Worker, counts, has_status, new_mailing
from tests.delivery.stories import Clients, work_slowly
from tests.waiting import until

POLICY = BreakerPolicy(0.5, 20, timedelta(seconds=1), timedelta(seconds=4))
SOON = timedelta(seconds=10)

FAILED = Answer(Verdict.DEFERRED, "HTTP 500", datetime.now(UTC), 5, 500)
TAKEN = Answer(Verdict.ACCEPTED, "", datetime.now(UTC), 5, 200, 0)
REFUSED_TOKEN = Answer(Verdict.UNAUTHORIZED, "HTTP 401", datetime.now(UTC), 5, 401)

Channels = Callable[[], Channel]


@pytest.fixture
async def new_channel(database: None) -> AsyncIterator[Channels]:
    """The channel as another process sees it."""
    made: list[Channel] = []

    def make() -> Channel:
        channel = Channel(POLICY)
        channel.start()
        made.append(channel)
        return channel

    yield make
    for channel in made:
        await channel.stop()


def learn(channel: Channel, *, failed: int = 0, taken: int = 0) -> None:
    for answer, times in ((FAILED, failed), (TAKEN, taken)):
        for _ in range(times):
            channel.learn(answer)


def seen(requests: int, failures: int, token_refused: str | None = None) -> Experience:
    return Experience(requests, failures, "HTTP 500", token_refused)


async def wait_a_second(worker: Worker) -> None:
    """Its requests end by then: where most of them hang, a story is as long as their timeouts."""
    await worker.engine.provider.close()
    worker.engine.provider = open_provider(worker.settings.model_copy(update={"provider_timeout_seconds": 1}))


async def opened() -> None:
    await exchange(POLICY, seen(20, 20))


async def due_now(sql: Sql) -> None:
    await sql("UPDATE provider_channel SET next_probe_at = now()")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("requests", "failures", "state"),
    [
        (20, 10, BreakerState.OPEN),
        (19, 19, BreakerState.CLOSED),  # too few to judge by
        (20, 9, BreakerState.CLOSED),  # too small a share
        (1_000, 499, BreakerState.CLOSED),
        (1_000, 500, BreakerState.OPEN),
        (0, 0, BreakerState.CLOSED),
    ],
)
async def test_it_opens_on_a_share_of_failures(requests: int, failures: int, state: BreakerState) -> None:
    standing, opened = await exchange(POLICY, seen(requests, failures))
    assert standing.state is state
    assert opened == (state is BreakerState.OPEN)


@pytest.mark.usefixtures("database")
async def test_failures_that_several_processes_have_seen_count_together() -> None:
    assert (await exchange(POLICY, seen(8, 6)))[0].state is BreakerState.CLOSED
    assert (await exchange(POLICY, seen(8, 6)))[0].state is BreakerState.CLOSED
    standing, opened = await exchange(POLICY, seen(8, 6))
    assert (standing.state, opened) == (BreakerState.OPEN, True)
    assert standing.cause is BreakerCause.FAILURES
    assert standing.reason == "18 of 24 requests within 10 s failed, most often: HTTP 500"
    assert standing.next_probe_at == standing.now + POLICY.first_wait


async def test_failures_of_more_than_ten_seconds_ago_are_forgotten(sql: Sql) -> None:
    # Given
    await exchange(POLICY, seen(19, 19))
    await sql("UPDATE provider_tally SET second = second - interval '11 seconds'")

    # When / Then
    assert (await exchange(POLICY, seen(1, 1)))[0].state is BreakerState.CLOSED


async def close_it(sql: Sql) -> None:
    """By probes that succeed."""
    await due_now(sql)
    for n in range(3):
        assert await claim_probe(str(n), SOON)
        await note_success(str(n))


@pytest.mark.parametrize("token_refused", [None, "HTTP 401"])
async def test_what_was_seen_before_it_was_closed_does_not_open_it_again(sql: Sql, token_refused: str | None) -> None:
    """Answers to requests that left before it was opened may come when it is closed again: timeouts, above all."""
    # Given a process that knows it as open
    known, _ = await exchange(POLICY, seen(20, 20))
    stale = replace(seen(100, 100, token_refused), known_since=known.since)

    # When
    await close_it(sql)
    standing, opened = await exchange(POLICY, stale)

    # Then neither this opens it, nor the next failure
    assert (standing.state, standing.requests, opened) == (BreakerState.CLOSED, 0, False)
    assert (await exchange(POLICY, replace(seen(1, 1), known_since=standing.since)))[0].requests == 1


async def test_of_two_that_open_it_at_the_same_moment_one_does_and_both_know(settings: Settings, sql: Sql) -> None:
    # Given two processes that tell of a refused token while the row is locked
    outside = await asyncpg.connect(settings.database_url)

    async def both_wait() -> bool:
        (row,) = await sql("SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(row["n"] == 2)

    async with outside.transaction():
        await outside.execute("SELECT FROM provider_channel FOR UPDATE")
        both = [asyncio.create_task(exchange(POLICY, seen(1, 0, "HTTP 401"))) for _ in range(2)]
        await until(both_wait)

    # When
    told = await asyncio.gather(*both)
    await outside.close()

    # Then
    assert [standing.state for standing, _ in told] == [BreakerState.OPEN] * 2
    assert sorted(opened for _, opened in told) == [False, True]


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes tell and ask once a second; here so often that it takes no time."""
    assert TELL_SECONDS == 1
    monkeypatch.setattr("mailing.delivery.channel.TELL_SECONDS", 0.01)


@pytest.mark.usefixtures("quickly")
async def test_all_processes_learn_of_it_within_a_second(new_channel: Channels) -> None:
    # Given
    first, second = new_channel(), new_channel()

    # When
    learn(first, failed=25)
    learn(second, taken=1)

    # Then
    await until(lambda: first.is_held and second.is_held)


@pytest.mark.usefixtures("quickly")
async def test_who_waits_for_answers_learns_of_it_too(new_channel: Channels) -> None:
    """Where requests hang, a process with few of them would go on sending until its first timeout."""
    # Given
    waiting = new_channel()
    await waiting.look()

    # When
    await opened()

    # Then
    await until(lambda: waiting.is_held)


@pytest.mark.usefixtures("quickly")
async def test_a_refused_token_holds_this_process_at_once_and_the_others_soon(new_channel: Channels) -> None:
    # Given
    first, second = new_channel(), new_channel()
    learn(second, taken=1)

    # When
    with capture_logs() as logs:
        first.learn(REFUSED_TOKEN)

        # Then
        assert first.is_held
        await until(lambda: second.is_held)
    standing = await read_channel()
    assert (standing.cause, standing.reason) == (BreakerCause.TOKEN_REFUSED, "HTTP 401")
    alerts = [line for line in logs if line["log_level"] == "error"]
    assert [line["event"] for line in alerts] == ["provider.token_refused"]
    assert "MAILING_PROVIDER_TOKEN" in alerts[0]["what_to_do"]


async def test_who_starts_a_turn_knows_what_has_happened_while_it_rested(new_channel: Channels) -> None:
    # Given
    await opened()
    channel = new_channel()
    assert not channel.is_held

    # When
    await channel.look()

    # Then
    assert channel.is_held


async def test_probes_come_one_at_a_time_and_when_they_are_due(sql: Sql) -> None:
    # Given
    await opened()
    assert await probe_is_due() is False
    assert not await claim_probe("early", SOON)

    # When
    await due_now(sql)

    # Then
    assert await probe_is_due() is True
    assert sorted(await asyncio.gather(*(claim_probe(f"prober {n}", SOON) for n in range(5)))) == [False] * 4 + [True]
    assert await probe_is_due() is False
    assert (await read_channel()).state is BreakerState.HALF_OPEN


async def test_a_prober_that_died_stands_in_nobodys_way(sql: Sql) -> None:
    # Given
    await opened()
    await due_now(sql)
    assert await claim_probe("dead", timedelta(0))

    # When / Then
    assert await claim_probe("alive", SOON)
    assert await note_success("dead") is None
    assert (await read_channel()).state is BreakerState.HALF_OPEN


async def test_three_probes_in_a_row_that_succeed_close_it(sql: Sql) -> None:
    # Given
    await opened()
    await due_now(sql)

    # When
    closed = []
    for n in range(3):
        assert await claim_probe(str(n), SOON)
        closed.append(await note_success(str(n)) is not None)

    # Then nothing of before counts any more
    assert closed == [False, False, True]
    standing = await read_channel()
    assert (standing.state, standing.cause, standing.reason, standing.next_probe_at) == (
        BreakerState.CLOSED, None, None, None
    )  # fmt: skip
    assert standing.requests == 0
    assert (await exchange(POLICY, seen(1, 1)))[0].state is BreakerState.CLOSED


async def test_each_probe_that_fails_doubles_the_wait_up_to_the_longest(sql: Sql) -> None:
    # Given
    await opened()
    waits = []

    # When
    for n in range(4):
        await due_now(sql)
        assert await claim_probe(str(n), SOON)
        await note_failure(str(n), POLICY, BreakerCause.FAILURES, "a probe failed: timeout")
        standing = await read_channel()
        assert (standing.state, standing.reason) == (BreakerState.OPEN, "a probe failed: timeout")
        assert standing.next_probe_at is not None
        waits.append(round((standing.next_probe_at - standing.now).total_seconds()))

    # Then
    assert waits == [2, 4, 4, 4]


async def test_a_probe_that_is_given_back_can_be_had_at_once(sql: Sql) -> None:
    await opened()
    await due_now(sql)
    assert await claim_probe("empty-handed", SOON)
    await give_back_probe("empty-handed")
    assert await claim_probe("with a message", SOON)


async def test_the_sweep_wakes_one_pump_for_a_probe_and_none_before_it_is_due(
    worker: Worker, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(10)
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    await start(mailing.id, slots=3)
    await select_audience(mailing.id)

    async def woken() -> list[int]:
        await sql("UPDATE delivery_slot SET woken_at = NULL")
        return await wake_senders(limit)

    # Then
    limit = 10
    assert await woken() == [mailing.id] * 3
    await opened()
    assert await woken() == []
    await due_now(sql)
    assert await woken() == [mailing.id]
    limit = 0
    assert await woken() == []


async def test_when_it_closes_all_are_woken_the_urgent_first_however_often_they_were_woken_in_vain(
    worker: Worker, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(10)
    worker.asleep = True
    now = datetime.now(UTC)
    ids = {}
    for name, hours in {"last": 5, "first": 1, "second": 3}.items():
        mailing = await create_mailing(new_mailing(text=name, ends_at=now + timedelta(hours=hours)))
        await start(mailing.id, slots=2)
        await select_audience(mailing.id)
        ids[mailing.id] = name
    await opened()
    await sql("UPDATE delivery_slot SET woken_at = now(), wakes = 9")

    # When
    for prober in ("a", "b", "c"):
        await due_now(sql)
        assert await claim_probe(prober, SOON)
        await note_success(prober)

    # Then
    assert [ids[id] for id in await wake_senders(10)] == ["first", "second", "last"] * 2
    assert await wake_senders(10) == []


async def attempts_and_tries(sql: Sql) -> tuple[int, int]:
    (row,) = await sql(
        "SELECT (SELECT count(*) FROM delivery_attempt) AS attempts, coalesce(sum(attempts), 0)::int AS t FROM message"
    )
    return row["attempts"], row["t"]


@pytest.mark.parametrize(
    "trouble",
    [
        {"error_share": 1},
        {"hang_share": 1},
        {"close_before_share": 1},
        {"close_after_share": 1},
        {"garbage_share": 1},
        {"refuse_connections": True},
    ],
    ids=lambda trouble: next(iter(trouble)),
)
async def test_while_the_provider_fails_no_message_loses_a_try_and_then_all_are_sent(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql, trouble: dict[str, float]
) -> None:
    # Given
    await clients(300)
    work_slowly(worker)
    await wait_a_second(worker)
    await provider.set_scenario(Scenario(**trouble))  # type: ignore[arg-type]  # one of its fields
    mailing = await create_mailing(new_mailing())

    async def is_open() -> bool:
        return (await read_channel()).state is not BreakerState.CLOSED and not worker.running

    await worker.until(is_open)
    _, tries = await attempts_and_tries(sql)

    # When it goes on failing
    async def has_probed() -> bool:
        return (await attempts_and_tries(sql))[0] >= tries + 4

    await worker.until(has_probed)

    # Then
    assert (await attempts_and_tries(sql))[1] == tries

    # And when it works again
    await provider.set_scenario(Scenario())
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))
    assert await counts(mailing.id) == {"sent": 300}
    assert provider.ledger.unique == 300
    await assert_every_try_is_noted()
    await assert_accounts_are_exact()


async def test_a_new_token_in_its_file_is_all_it_takes(
    worker: Worker, provider: FakeProvider, clients: Clients, redis: "Redis", tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Given a token that is refused
    await clients(50)
    token_file = tmp_path_factory.mktemp("token") / "token"
    token_file.write_text("old-token")
    await provider.set_scenario(Scenario(required_token="new-token"))
    await worker.engine.provider.close()
    worker.engine.provider = open_provider(worker.settings.model_copy(update={"provider_token_file": token_file}))
    mailing = await create_mailing(new_mailing())

    async def is_held() -> bool:
        return worker.engine.channel.is_held and not worker.running

    await worker.until(is_held)

    # When
    token_file.write_text("new-token")
    await worker.until(lambda: has_status(mailing.id, "FINISHED"))

    # Then
    assert await counts(mailing.id) == {"sent": 50}
    await assert_every_try_is_noted()
    await assert_provider_has_exactly_what_is_sent(provider)


async def test_each_probe_takes_another_message(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    """One that a provider cannot digest would keep the channel shut."""
    # Given
    await clients(10)
    await provider.set_scenario(Scenario(error_share=1))
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    await start(mailing.id, slots=1)
    await opened()
    await worker.engine.channel.look_again()

    # When
    for _ in range(4):
        await due_now(sql)
        assert await probe(worker.engine, mailing.id)

    # Then
    assert await sql("SELECT count(DISTINCT message_id) AS messages, count(*) AS n FROM delivery_attempt") == [
        {"messages": 4, "n": 4}
    ]
    assert await sql("SELECT DISTINCT attempts, status FROM message") == [{"attempts": 0, "status": "PENDING"}]


async def test_a_probe_whose_lease_is_lost_does_not_hold_the_channel_for_ever(
    worker: Worker, provider: FakeProvider, clients: Clients, sql: Sql
) -> None:
    # Given
    await clients(10)
    await provider.set_scenario(Scenario(hang_share=1))
    worker.asleep = True
    mailing = await create_mailing(new_mailing())
    await start(mailing.id, slots=1)
    await opened()
    await due_now(sql)
    turn = asyncio.create_task(take_turn(worker.engine, mailing.id))
    await until(lambda: provider.ledger.requests > 0)

    # When
    await sql("UPDATE delivery_slot SET token = NULL, leased_until = NULL")
    await turn

    # Then
    await due_now(sql)
    assert await claim_probe("another", SOON)


async def test_a_provider_that_hangs_holds_nobody_and_the_urgent_goes_first_when_it_is_back(
    worker: Worker, provider: FakeProvider, clients: Clients, redis: "Redis"
) -> None:
    # Given three mailings that were under way when the provider began to hang
    await clients(300)
    worker.engine.turnstile._free = 8
    await wait_a_second(worker)
    await provider.set_scenario(Scenario(hang_share=1))
    now = datetime.now(UTC)
    ends = {"last": 5, "first": 1, "second": 3}
    mailings = {
        name: await create_mailing(new_mailing(text=name, ends_at=now + timedelta(hours=hours)))
        for name, hours in ends.items()
    }

    async def is_open() -> bool:
        return worker.engine.channel.is_held and not worker.running

    await worker.until(is_open)

    # When
    await provider.set_scenario(Scenario(latency_ms=10))
    for mailing in mailings.values():
        await worker.until(partial(has_status, mailing.id, "FINISHED"))

    # Then
    texts = [entry.text for entry in provider.ledger.entries()]
    places = {name: sum(place for place, text in enumerate(texts) if text == name) / 300 for name in ends}
    assert sorted(places, key=lambda name: places[name]) == ["first", "second", "last"], places
    await assert_accounts_are_exact()


async def test_a_database_that_is_away_neither_opens_nor_closes_it(
    new_channel: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    async def away(*_: object) -> None:
        raise ConnectionRefusedError

    channel = new_channel()
    learn(channel, failed=25)
    await until(lambda: channel.is_held)

    # When
    monkeypatch.setattr("mailing.delivery.channel.exchange", away)
    await channel.look_again()

    # Then
    assert channel.is_held


async def test_it_goes_on_asking_after_an_error_that_nobody_expected(
    new_channel: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    async def broken(*_: object) -> None:
        raise ValueError("no row")

    await opened()
    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr("mailing.delivery.channel.exchange", broken)
        patch.setattr("mailing.delivery.channel.TELL_SECONDS", 0.01)
        channel = new_channel()
        await until(lambda: len(logs) > 1)

    # Then
    await until(lambda: channel.is_held)
    assert {line["event"] for line in logs} == {"channel.exchange_failed"}


async def test_pumps_that_begin_together_ask_once(new_channel: Channels, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    asked = 0

    async def count(policy: BreakerPolicy, experience: Experience) -> tuple[ChannelStanding, bool]:
        nonlocal asked
        asked += 1
        return await exchange(policy, experience)

    await opened()
    monkeypatch.setattr("mailing.delivery.channel.exchange", count)
    channel = new_channel()

    # When
    await asyncio.gather(*(channel.look() for _ in range(20)))

    # Then
    assert channel.is_held
    assert asked == 1


async def test_who_has_seen_nothing_writes_nothing_and_waits_for_nobody(
    new_channel: Channels, settings: Settings, sql: Sql
) -> None:
    # Given a process that is idle, and one that works
    idle, busy = new_channel(), new_channel()
    before = await sql("SELECT ctid, xmin, xmax FROM provider_channel")

    # When it asks
    await idle.look_again()

    # Then nothing was written: a lock of the row would show in its xmax
    assert await sql("SELECT ctid, xmin, xmax FROM provider_channel") == before
    assert await sql("SELECT FROM provider_tally") == []

    # And when somebody holds the row, then only the one that has something to tell waits
    outside = await asyncpg.connect(settings.database_url)
    async with outside.transaction():
        await outside.execute("SELECT FROM provider_channel FOR UPDATE")
        async with asyncio.timeout(5):
            await idle.look_again()
        learn(busy, taken=1)
        telling = asyncio.create_task(busy.look_again())
        await until(lambda: _waits_for_a_lock(sql))
    await outside.close()
    await telling


async def _waits_for_a_lock(sql: Sql) -> bool:
    (row,) = await sql("SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    return bool(row["n"])


async def test_the_engine_takes_its_policy_from_the_settings(worker: Worker, redis: "Redis") -> None:
    settings = worker.settings.model_copy(update={"breaker_failure_share": 0.3, "probe_longest_wait_seconds": 60})
    policy = make_engine(settings, worker.engine.provider, redis).channel.policy
    assert policy == replace(worker.engine.channel.policy, failure_share=0.3, longest_wait=timedelta(minutes=1))
