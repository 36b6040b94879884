"""Live progress of one API process: real Redis, real database."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as RedisConnectionError

from mailing.embedded.valkey import ValkeyServer
from mailing.errors import NotFoundError
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.progress.channel import publish
from mailing.progress.feed import LIVELY_SECONDS, REFRESH_SECONDS, ProgressFeed
from mailing.progress.publisher import ProgressPublisher
from mailing.progress.queries import read_active_progress, read_progress
from mailing.progress.snapshot import MailingProgress
from tests.conftest import Sql
from tests.messages.stored import close, set_status, store_mailing, store_many, store_message
from tests.progress.conftest import Begin, Reader, subscriptions
from tests.waiting import until

S = MessageStatus


@pytest.fixture
async def publisher(redis: Redis, database: None) -> AsyncIterator[ProgressPublisher]:
    publisher = ProgressPublisher(redis)
    yield publisher
    await publisher.close()


async def test_a_mailing_that_does_not_exist_cannot_be_watched(sql: Sql, feed: ProgressFeed) -> None:
    deleted = await store_mailing(sql, deleted=True)
    for mailing_id in (deleted, 99):
        with pytest.raises(NotFoundError):
            await anext(feed.watch(mailing_id))
    assert feed._hub.is_empty


async def test_a_watcher_gets_the_whole_state_the_changes_the_final_state_and_the_end(
    sql: Sql, feed: ProgressFeed, publisher: ProgressPublisher
) -> None:
    # Given a mailing that is followed
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 3, S.SENDING)
    reader = Reader(feed.watch(mailing_id))
    await until(lambda: [(one.sending, one.sent) for one in reader.states] == [(3, 0)])
    # When messages are sent and it is cancelled
    await set_status(sql, [1], S.SENT, token=64)
    publisher.touch(mailing_id)
    await until(lambda: reader.sent[-1] == 1)
    await close(sql, mailing_id, S.CANCELLED)
    publisher.touch(mailing_id)
    await until(lambda: reader.states[-1].status is MailingStatus.CANCELLED)
    assert not reader.task.done()
    # Then it goes on until the last one is back, and ends
    await set_status(sql, [2, 3], S.SENT, token=64)
    publisher.touch(mailing_id)
    await until(reader.task.done)
    assert reader.states[-1].is_final
    assert reader.sent == sorted(reader.sent)
    assert reader.sent[-1] == 3
    assert feed._hub.is_empty


async def test_a_mailing_that_is_over_is_told_once(sql: Sql, feed: ProgressFeed) -> None:
    mailing_id = await store_mailing(sql, status="FINISHED")
    async with asyncio.timeout(5):
        assert [one.is_final async for one in feed.watch(mailing_id)] == [True]


async def test_deleting_a_mailing_ends_its_subscriptions(
    sql: Sql, feed: ProgressFeed, publisher: ProgressPublisher
) -> None:
    mailing_id = await store_mailing(sql)
    reader = Reader(feed.watch(mailing_id))
    await until(lambda: len(reader.states) == 1)
    await sql("UPDATE mailing SET deleted_at = now()")
    publisher.touch(mailing_id)
    await until(reader.task.done)
    assert feed._hub.is_empty


async def test_what_redis_loses_the_database_tells_within_seconds(sql: Sql, redis: Redis, begin: Begin) -> None:
    # Given a feed that reads every two seconds
    assert REFRESH_SECONDS == 2
    feed = await begin(ProgressFeed(redis))
    # And a followed mailing, another that starts, and one that is deleted, of which nobody publishes anything
    first, deleted = await store_mailing(sql), await store_mailing(sql)
    one, gone, all_ = Reader(feed.watch(first)), Reader(feed.watch(deleted)), Reader(feed.watch_active())
    await until(lambda: (len(one.states), len(gone.states), len(all_.states)) == (1, 1, 2))
    await store_message(sql, first, 1)
    second = await store_mailing(sql)
    await sql("UPDATE mailing SET deleted_at = now() WHERE id = $1", deleted)
    # Then everything is known after the next read
    await until(lambda: one.states[-1].total == 1)
    await until(lambda: {state.mailing_id for state in all_.states} == {first, second, deleted})
    await until(gone.task.done)
    assert feed._hub.followed() == {first, second}
    for reader in (one, all_):
        await reader.leave()
    assert feed._hub.is_empty


async def test_active_mailings_are_told_as_they_come_and_go(
    sql: Sql, feed: ProgressFeed, publisher: ProgressPublisher
) -> None:
    # Given one mailing that runs, and one each that is scheduled, paused and over
    running = await store_mailing(sql)
    scheduled = await store_mailing(sql, status="SCHEDULED")
    for status in ("PAUSED", "FINISHED"):
        await store_mailing(sql, status=status)
    reader = Reader(feed.watch_active())
    await until(lambda: len(reader.states) == 1)
    # When the scheduled one starts and the other finishes
    await sql("UPDATE mailing SET status = 'RUNNING' WHERE id = $1", scheduled)
    publisher.touch(scheduled)
    await until(lambda: len(reader.states) == 2)
    await close(sql, running, S.EXPIRED)
    publisher.touch(running)
    await until(lambda: len(reader.states) == 3)
    # Then each was told, the final state last, and the subscription goes on
    assert [(one.mailing_id, one.status.value, one.is_final) for one in reader.states] == [
        (running, "RUNNING", False),
        (scheduled, "RUNNING", False),
        (running, "FINISHED", True),
    ]
    assert feed._hub.followed() == {scheduled}
    await reader.leave()
    assert feed._hub.is_empty


async def test_one_redis_subscription_serves_three_hundred_subscribers(
    sql: Sql, redis: Redis, feed: ProgressFeed, publisher: ProgressPublisher
) -> None:
    # Given three hundred subscribers to one mailing
    mailing_id = await store_mailing(sql)
    readers = [Reader(feed.watch(mailing_id)) for _ in range(300)]
    await until(lambda: all(len(reader.states) == 1 for reader in readers))
    assert await subscriptions(redis, 1)
    began = time.monotonic()
    # When the mailing changes much more often than ten times a second
    for client_id in range(1, 201):
        await store_message(sql, mailing_id, client_id)
        publisher.touch(mailing_id)
    await until(lambda: all(reader.states[-1].total == 200 for reader in readers))
    # Then each got the last state, none got more than ten a second, and none saw a step back
    for reader in readers:
        totals = [one.total for one in reader.states]
        assert totals == sorted(set(totals))
        # Beside the first state: one on each beat, and one more that was late for a beat before.
        assert len(totals) <= 1 + 2 + 10 * (reader.moments[-1] - began)
        gaps = [after - before for before, after in zip(reader.moments, reader.moments[1:], strict=False)]
        assert all(gap >= 0.08 for gap in gaps)  # taken ten a second; this task may notice one late
    await feed.stop()
    await until(lambda: all(reader.task.done() for reader in readers))
    assert feed._hub.is_empty


async def test_a_slow_subscriber_skips_states_and_holds_nobody_up(
    sql: Sql, feed: ProgressFeed, publisher: ProgressPublisher
) -> None:
    # Given a subscriber that stops after its first state, and one that reads on
    mailing_id = await store_mailing(sql)
    async with aclosing(feed.watch(mailing_id)) as slow:
        assert (await anext(slow)).total == 0
        reader = Reader(feed.watch(mailing_id))
        for client_id in range(1, 6):
            await store_message(sql, mailing_id, client_id)
            publisher.touch(mailing_id)
            await until(lambda: bool(reader.states) and reader.states[-1].total == client_id)  # noqa: B023
        # Then the slow one gets the newest next
        assert (await anext(slow)).total == 5
        await reader.leave()


async def test_redis_may_die_and_come_back(sql: Sql, mortal: ValkeyServer, begin: Begin) -> None:
    # Given a feed whose Redis is killed
    mailing_id = await store_mailing(sql)
    client: Redis = Redis.from_url(mortal.url)
    feed = await begin(ProgressFeed(client, refresh_seconds=0.3))
    publisher = ProgressPublisher(client)
    reader = Reader(feed.watch(mailing_id))
    await until(lambda: len(reader.states) == 1)
    mortal.kill()
    # When the mailing changes, then it is told all the same
    await store_message(sql, mailing_id, 1)
    publisher.touch(mailing_id)
    await until(lambda: reader.states[-1].total == 1)
    # And once Redis is back, changes come at once again
    mortal.start()
    await until(lambda: subscriptions(client, 1))
    await until(lambda: not publisher._touched)
    await store_message(sql, mailing_id, 2)
    publisher.touch(mailing_id)
    await until(lambda: reader.states[-1].total == 2)
    await publisher.close()
    await feed.stop()
    await until(reader.task.done)
    await client.aclose()


async def test_a_feed_without_redis_starts_and_works(sql: Sql, begin: Begin) -> None:
    # Given a Redis that is not there
    client: Redis = Redis.from_url("redis://127.0.0.1:9")
    feed = await begin(ProgressFeed(client, refresh_seconds=0.3))
    mailing_id = await store_mailing(sql)
    # When a mailing is followed
    reader = Reader(feed.watch(mailing_id))
    await until(lambda: len(reader.states) == 1)
    await sql("UPDATE mailing SET status = 'FINISHED'")
    # Then its end arrives
    await until(reader.task.done)
    assert [one.is_final for one in reader.states] == [False, True]
    await feed.stop()
    await client.aclose()


async def test_the_database_may_be_away_for_a_while(
    sql: Sql, redis: Redis, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a followed mailing, and a database that refuses one read
    mailing_id = await store_mailing(sql)
    feed = await begin(ProgressFeed(redis, refresh_seconds=0.3))
    reader = Reader(feed.watch(mailing_id))
    await until(lambda: len(reader.states) == 1)
    refused = asyncio.Event()

    async def refuse(ids: object) -> dict[int, MailingProgress]:
        refused.set()
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("mailing.progress.feed.read_progress", refuse)
        await until(refused.is_set)
    # When it answers again, then the subscriber learns what it missed
    await store_message(sql, mailing_id, 1)
    await until(lambda: reader.states[-1].total == 1)
    await feed.stop()
    await until(reader.task.done)


async def test_a_watcher_that_goes_away_frees_everything(sql: Sql, feed: ProgressFeed) -> None:
    mailing_id = await store_mailing(sql)
    for subscription in (feed.watch, lambda _: feed.watch_active()):
        # Given watchers that go away while they wait, and while they hold a state
        readers = [Reader(subscription(mailing_id)) for _ in range(10)]
        await until(lambda: all(reader.states for reader in readers))  # noqa: B023
        for reader in readers:
            await reader.leave()
        held = subscription(mailing_id)
        await anext(held)
        await held.aclose()
        # Then nothing of them is left
        assert feed._hub.is_empty


async def test_a_connection_that_fails_at_being_closed_does_not_keep_the_feed_from_stopping(
    sql: Sql, redis: Redis, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a feed whose connection breaks just when it is closed
    aclose = PubSub.aclose

    async def break_down(pubsub: PubSub) -> None:
        await aclose(pubsub)  # type: ignore[no-untyped-call]  # of redis-py
        raise RedisConnectionError("broken while it was closed")

    feed = await begin(ProgressFeed(redis))
    await until(lambda: subscriptions(redis, 1))
    monkeypatch.setattr(PubSub, "aclose", break_down)
    # When
    async with asyncio.timeout(5):
        await feed.stop()
    # Then
    assert [task.cancelled() for task in feed._tasks] == [True, True]


async def test_a_mailing_is_read_when_nothing_is_heard_of_it_and_not_while_something_is(
    sql: Sql, redis: Redis, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given two followed mailings, and a clock that only this test moves
    clock = SimpleNamespace(now=1_000.0)
    monkeypatch.setattr("mailing.progress.feed.time", SimpleNamespace(monotonic=lambda: clock.now))
    told_of, silent = await store_mailing(sql), await store_mailing(sql)
    feed = await begin(ProgressFeed(redis, refresh_seconds=0.02))
    readers = [Reader(feed.watch(mailing_id)) for mailing_id in (told_of, silent)]
    await until(lambda: all(reader.states for reader in readers))
    reads: list[set[int]] = []

    async def read(ids: set[int]) -> dict[int, MailingProgress]:
        reads.append(ids)
        return await read_progress(ids)

    monkeypatch.setattr("mailing.progress.feed.read_progress", read)
    # When workers tell of one of them
    (first,) = readers[0].states[:1]
    for sent in (1, 2):
        clock.now += 10
        await publish(redis, [replace(first, sent=sent, updated_at=first.updated_at + timedelta(seconds=sent))])
        await until(lambda: readers[0].sent[-1] == sent)  # noqa: B023
        # Then only the other one is read while that is news
        clock.now += LIVELY_SECONDS - 0.01
        heard = len(reads)
        await until(lambda: len(reads) >= heard + 3)  # noqa: B023
        assert all(ids == {silent} for ids in reads[heard:])
    # And when they fall silent, it is read, too
    clock.now += 0.02
    await until(lambda: reads[-1] == {told_of, silent})
    await feed.stop()
    await until(lambda: all(reader.task.done() for reader in readers))


async def test_who_follows_all_that_run_gets_no_read_state_of_those_that_are_told_of(
    sql: Sql, redis: Redis, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given two mailings that run, and somebody who follows all, for a while already
    told_of, silent = await store_mailing(sql), await store_mailing(sql)
    monkeypatch.setattr("mailing.progress.feed.LIVELY_SECONDS", 60.0)
    reads = 0

    async def read(ids: Collection[int] = ()) -> dict[int, MailingProgress]:
        nonlocal reads
        states = await read_active_progress(ids)
        reads += 1
        return states

    monkeypatch.setattr("mailing.progress.feed.read_active_progress", read)
    feed = await begin(ProgressFeed(redis, refresh_seconds=0.05))
    reader = Reader(feed.watch_active())
    await until(lambda: subscriptions(redis, 1))
    reads = 0
    await until(lambda: reads > 2)
    # When a worker tells of one of them, and then both are read while the other one changes
    first = next(one for one in reader.states if one.mailing_id == told_of)

    async def is_told() -> bool:
        # Again and again, for a read that was quicker makes older what is on its way.
        await publish(redis, [replace(first, sent=1, updated_at=(await _now(sql)))])
        return bool(reader.states[-1].sent == 1)

    await until(is_told)
    reads = 0
    await until(lambda: reads > 2)  # Whatever was being read while that was told is over.
    told = len(reader.states)
    for pending in (1, 2):
        await store_message(sql, silent, pending)
        await until(lambda: reader.states[-1].pending == pending)  # noqa: B023
    # Then what was read of the other one was taken in, and of this one only what was told
    states = [(one.mailing_id, one.sent, one.pending) for one in reader.states]
    assert sorted(states[:2]) == [(told_of, 0, 0), (silent, 0, 0)]
    assert (told_of, 1, 0) in states[2:told]
    assert states[told:] == [(silent, 0, 1), (silent, 0, 2)]
    await feed.stop()
    await until(reader.task.done)


async def _now(sql: Sql) -> datetime:
    (row,) = await sql("SELECT now()")
    now: datetime = row["now"]
    return now
