"""What workers publish after their commits."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from structlog.testing import capture_logs

from mailing.db.unit_of_work import unit_of_work
from mailing.embedded.valkey import ValkeyServer
from mailing.metrics.progress import area
from mailing.progress.channel import CHANNEL, decode
from mailing.progress.publisher import FLUSH_SECONDS, INTERVAL_SECONDS, ProgressPublisher
from mailing.progress.queries import read_progress
from mailing.progress.snapshot import MailingProgress
from tests.conftest import Sql
from tests.messages.stored import store_mailing, store_many, store_message
from tests.metrics.rises import Rises
from tests.progress.conftest import subscriptions
from tests.waiting import until


class Ear:
    """Keeps all that is published, and when."""

    def __init__(self) -> None:
        self.heard: list[MailingProgress | int | None] = []
        self.moments: list[float] = []

    async def listen(self, redis: Redis) -> None:
        async with redis.pubsub() as pubsub:
            await pubsub.subscribe(CHANNEL)
            while True:
                message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=60)
                if message is not None:
                    self.heard.append(decode(message["data"]))
                    self.moments.append(time.monotonic())

    @property
    def totals(self) -> list[int]:
        return [one.total for one in self.heard if isinstance(one, MailingProgress)]


@pytest.fixture
async def ear(redis: Redis) -> AsyncIterator[Ear]:
    ear = Ear()
    task = asyncio.create_task(ear.listen(redis))
    await until(lambda: subscriptions(redis, 1))
    yield ear
    task.cancel()
    await asyncio.wait({task})


@pytest.fixture
async def publisher(redis: Redis, database: None) -> AsyncIterator[ProgressPublisher]:
    publisher = ProgressPublisher(redis)
    yield publisher
    await publisher.close()


async def test_a_touch_publishes_the_whole_state(sql: Sql, publisher: ProgressPublisher, ear: Ear) -> None:
    mailing_id = await store_mailing(sql, status="PAUSED")
    await store_many(sql, mailing_id, 3)
    publisher.touch(mailing_id)
    await until(lambda: len(ear.heard) == 1)
    (heard,) = ear.heard
    assert isinstance(heard, MailingProgress)
    assert heard.pending == heard.total == 3
    assert heard.mailing_id == mailing_id


async def test_touches_are_joined_and_the_last_one_is_published(
    sql: Sql, publisher: ProgressPublisher, ear: Ear
) -> None:
    # Given a mailing that changes, with a touch after each change, faster than is published
    mailing_id = await store_mailing(sql)
    began = time.monotonic()
    for client_id in range(1, 301):
        await store_message(sql, mailing_id, client_id)
        publisher.touch(mailing_id)
        publisher.touch(mailing_id)
    # When the last state has arrived
    await until(lambda: bool(ear.totals) and ear.totals[-1] == 300)
    # Then no more than ten a second came, each newer than the one before
    assert 2 <= len(ear.totals) <= (ear.moments[-1] - began) / INTERVAL_SECONDS + 1
    assert ear.totals == sorted(set(ear.totals))


async def test_all_mailings_are_published_by_one_task(sql: Sql, publisher: ProgressPublisher, ear: Ear) -> None:
    mailings = [await store_mailing(sql) for _ in range(50)]
    tasks = len(asyncio.all_tasks())
    for mailing_id in mailings:
        publisher.touch(mailing_id)
    assert len(asyncio.all_tasks()) == tasks + 1
    await until(lambda: len(ear.heard) == 50)
    assert {one.mailing_id for one in ear.heard if isinstance(one, MailingProgress)} == set(mailings)


async def test_a_deleted_mailing_is_published_as_gone(sql: Sql, publisher: ProgressPublisher, ear: Ear) -> None:
    mailing_id = await store_mailing(sql, deleted=True)
    publisher.touch(mailing_id)
    await until(lambda: ear.heard == [mailing_id])


async def test_a_touch_inside_a_transaction_does_not_read_inside_it(
    sql: Sql, publisher: ProgressPublisher, ear: Ear
) -> None:
    # Given a transaction that has written, and in which the first touch of the process happens
    mailing_id = await store_mailing(sql)
    async with unit_of_work():
        await store_many(sql, mailing_id, 5)
        publisher.touch(mailing_id)
        # Then what is published is what others see
        await until(lambda: ear.totals == [0])
    # And after the commit it goes on
    publisher.touch(mailing_id)
    await until(lambda: ear.totals == [0, 5])


async def test_closing_publishes_what_was_touched_last(sql: Sql, redis: Redis, ear: Ear) -> None:
    mailing_id = await store_mailing(sql)
    publisher = ProgressPublisher(redis)
    publisher.touch(mailing_id)
    await until(lambda: ear.totals == [0])
    await store_many(sql, mailing_id, 5)
    publisher.touch(mailing_id)
    # When it closes at once
    await publisher.close()
    # Then the last touch is out, and later ones do nothing
    await until(lambda: ear.totals == [0, 5])
    publisher.touch(mailing_id)
    assert publisher._touched == {}


async def test_closing_an_idle_publisher_does_nothing(redis: Redis) -> None:
    await ProgressPublisher(redis).close()


async def test_without_redis_nothing_is_raised_and_publishing_goes_on_once_it_is_back(
    sql: Sql, mortal: ValkeyServer
) -> None:
    # Given a publisher whose Redis is killed
    mailing_id = await store_mailing(sql)
    client: Redis = Redis.from_url(mortal.url, retry=Retry(NoBackoff(), 0))
    publisher = ProgressPublisher(client)
    mortal.kill()
    with capture_logs() as logs:
        # When it is touched once
        await store_many(sql, mailing_id, 3)
        publisher.touch(mailing_id)
        await until(lambda: len(logs) == 1)
        # And Redis is back
        mortal.start()
        # Then what was touched meanwhile is published without another touch; the outage was told once, with its end
        await until(lambda: len(logs) == 2)
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [
        ("progress.not_published", "warning"),
        ("progress.not_published.over", "info"),
    ]
    # And it goes on as before
    ear = Ear()
    listening = asyncio.create_task(ear.listen(client))
    await until(lambda: subscriptions(client, 1))
    publisher.touch(mailing_id)
    await until(lambda: ear.totals == [3])
    listening.cancel()
    await asyncio.wait({listening})
    await publisher.close()
    await client.aclose()


async def test_closing_without_redis_takes_no_longer_than_its_bound(
    sql: Sql, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a Redis that takes for ever, and a publisher that gives it three seconds at its end; here less
    assert FLUSH_SECONDS == 3
    monkeypatch.setattr("mailing.progress.publisher.FLUSH_SECONDS", 0.05)
    monkeypatch.setattr("mailing.progress.publisher.CALL_SECONDS", 3600)
    publishing = asyncio.Event()

    async def publish(*_: object, **__: object) -> None:
        publishing.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("mailing.progress.publisher.publish", publish)
    mailing_id = await store_mailing(sql)
    publisher = ProgressPublisher(redis)
    publisher.touch(mailing_id)
    await publishing.wait()
    # When it closes, then that comes to an end
    await publisher.close()
    assert (await read_progress([mailing_id])).keys() == {mailing_id}


async def test_a_redis_that_answers_nothing_holds_nobody_up(sql: Sql, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailing.progress.publisher.CALL_SECONDS", 0.2)
    # Given a Redis that takes connections and never answers
    taken: list[asyncio.StreamWriter] = []

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(writer)

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client: Redis = Redis.from_url(f"redis://127.0.0.1:{port}")
    publisher = ProgressPublisher(client)
    mailing_id = await store_mailing(sql)
    with capture_logs() as logs:
        # When it is touched, then each call gives up after its time
        publisher.touch(mailing_id)
        await until(lambda: len(logs) == 1)
        await publisher.close()
    assert logs[0]["error"] == "TimeoutError()"
    await client.aclose()
    server.close()
    for writer in taken:
        writer.close()


async def test_the_lag_is_measured_from_the_first_touch_that_waits(
    sql: Sql, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a Redis that fails for a while
    rises = Rises(area)
    published = 0

    async def publish(*_: object, **__: object) -> None:
        nonlocal published
        published += 1
        if published == 1:
            raise ConnectionError

    monkeypatch.setattr("mailing.progress.publisher.publish", publish)
    monkeypatch.setattr("mailing.progress.publisher.CALL_SECONDS", 0.3)
    publisher = ProgressPublisher(redis)
    mailing_id = await store_mailing(sql)

    # When it is touched, and once more while that waits
    publisher.touch(mailing_id)
    await until(lambda: published == 1)
    publisher.touch(mailing_id)
    await until(lambda: published == 2)
    await publisher.close()

    # Then
    assert rises.of("mailing_progress_publish_lag_seconds_count") == 1
    assert rises.of("mailing_progress_publish_lag_seconds_sum") > 0.25
