"""A process's buckets, on a real Valkey: what is promised when limits change, waiters leave, and Redis fails."""

import asyncio
import gc
import time
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from mailing.delivery.rate_limit import Bucket, RateLimits
from mailing.delivery.rate_limit_permits import Pace, Run
from mailing.delivery.rate_limit_redis import KEY, Reservations, Reserved
from mailing.embedded.valkey import ValkeyServer
from tests.delivery.windows import attempts


class Waiters:
    """Requests that use a permit as soon as there is one, and the times when they did."""

    def __init__(self, redis: Redis) -> None:
        self.limits = RateLimits(redis, self._use)
        self.used: list[float] = []
        self.told = 0
        self._buckets: list[Bucket] = []

    def stand_before(self, bucket: Bucket, count: int) -> None:
        self._buckets.append(bucket)
        bucket.want(count)

    def _use(self) -> None:
        self.told += 1
        for bucket in self._buckets:
            while bucket.take():
                self.used.append(time.monotonic())


async def until(condition: Callable[[], bool], seconds: float = 10) -> float:
    """Wait for the condition; how long it took. Fails after that time."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not come true in time"
        await asyncio.sleep(0.002)
    return time.monotonic() - began


@pytest.fixture
async def waiters(redis: Redis) -> AsyncIterator[Waiters]:
    waiters = Waiters(redis)
    yield waiters
    waiters.limits.close()


@pytest.fixture(scope="module")
def mortal(server_dir: Path) -> Iterator[ValkeyServer]:
    """A Valkey that the tests of this module may harm."""
    server = ValkeyServer(server_dir / "valkey-of-limits", persistent=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def mortal_redis(mortal: ValkeyServer) -> AsyncIterator[Redis]:
    client: Redis = Redis.from_url(mortal.url)
    await client.flushall()
    yield client
    await client.aclose()


async def run(redis: Redis, command: str) -> None:
    await redis.execute_command(*command.split())  # type: ignore[no-untyped-call]  # redis-py leaves it untyped


async def calls(redis: Redis) -> int:
    """How often the script was called on this server."""
    statistics = await redis.info("commandstats")
    return int(statistics.get("cmdstat_evalsha", {"calls": 0})["calls"])


async def test_as_many_permits_as_are_wanted_are_used_at_their_moments(waiters: Waiters) -> None:
    # Given
    bucket = waiters.limits.bucket("mailing:7", 100)

    # When
    began = time.monotonic()
    waiters.stand_before(bucket, 5)
    assert bucket.usable() == 0
    await until(lambda: len(waiters.used) == 5)

    # Then the first came 40 ms and an interval later, for this bucket may have been forgotten, and nobody wants more
    assert waiters.used[0] - began >= 0.05
    assert waiters.used[4] - began >= 0.05 + 4 * 0.0101 - 0.001
    assert not bucket.take()


async def test_nothing_is_reserved_when_nobody_waits(waiters: Waiters, redis: Redis) -> None:
    # Given one bucket that nobody waits at, and one where the only one has left again
    idle, left = waiters.limits.bucket("idle", 100), waiters.limits.bucket("left", 100)
    left.want(1)
    left.want(0)

    # When another has given a permit in the meantime
    waiters.stand_before(waiters.limits.bucket("asked", 100), 1)
    await until(lambda: len(waiters.used) == 1)

    # Then
    assert await redis.keys("*") == [KEY.format("asked").encode()]
    assert idle.usable() == 0


async def test_whoever_waits_is_told_of_many_permits_together(waiters: Waiters) -> None:
    # When permits are 0.2 ms apart
    waiters.stand_before(waiters.limits.bucket("provider", 5_000), 1_000)
    await until(lambda: len(waiters.used) == 1_000)

    # Then it is told every 2 ms, and for each reservation, of which there is one in 4 ms at most
    took_ms = 1_000 * (waiters.used[-1] - waiters.used[0])
    assert waiters.told <= 0.75 * took_ms + 5


async def test_permits_are_reserved_together(mortal_redis: Redis) -> None:
    # Given
    waiters = Waiters(mortal_redis)
    bucket = waiters.limits.bucket("provider", 5_000)
    called = await calls(mortal_redis)

    # When
    waiters.stand_before(bucket, 2_000)
    await until(lambda: len(waiters.used) == 2_000)

    # Then it took about 0.4 s, and not a call more than every 4 ms: in fact every 10 to 20
    assert await calls(mortal_redis) - called < 100
    waiters.limits.close()


async def test_a_permit_that_nobody_could_use_costs_no_interval(redis: Redis) -> None:
    # Given one a second, and some who wait but use none in time
    pace, told = Pace.of(1), list[float]()

    def note() -> None:
        if bucket.usable():
            told.append(time.monotonic())

    limits = RateLimits(redis, note)
    bucket = limits.bucket("mailing:7", 1)

    def told_soon_of_another() -> bool:
        gaps = [after - before for before, after in pairwise(told)]
        return any(pace.tolerance < gap < 0.8 for gap in gaps)  # one permit is not told of for longer

    # When
    bucket.want(5)

    # Then there is another that comes sooner than an interval later
    await until(told_soon_of_another)
    limits.close()


@pytest.mark.timeout(240)
async def test_a_higher_rate_is_in_force_at_once_for_those_who_wait(waiters: Waiters) -> None:
    took: list[float] = []
    for attempt in attempts():
        # Given a bucket that has just given the permit of this second
        bucket = waiters.limits.bucket(f"mailing:{attempt}", 1)
        used = len(waiters.used)
        waiters.stand_before(bucket, 1_000)
        await until(lambda: len(waiters.used) > used)  # noqa: B023

        # When
        bucket.rate = 1_000
        took.append(await until(lambda: len(waiters.used) >= used + 51))  # noqa: B023

        # Then
        assert bucket.rate == 1_000
        bucket.close()
        if took[-1] < 1:
            break
    assert took[-1] < 1, took


async def test_a_lower_rate_drops_what_is_reserved(waiters: Waiters) -> None:
    # Given
    bucket = waiters.limits.bucket("mailing:7", 1_000)
    waiters.stand_before(bucket, 100_000)
    await until(lambda: len(waiters.used) > 100)

    # When
    changed = time.monotonic()
    bucket.rate = 1

    # Then the next permit comes an interval of the new rate after the last that was reserved
    assert bucket.usable() == 0
    used = len(waiters.used)
    await until(lambda: len(waiters.used) > used)
    assert len(waiters.used) == used + 1
    assert waiters.used[-1] - changed >= 1.019


class SlowReservations(Reservations):
    """Holds the first answer back."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self.asked: list[int] = []
        self.release = asyncio.Event()

    async def reserve(self, name: str, pace: Pace, wanted: int, unused_mark: int) -> Reserved | None:
        self.asked.append(pace.rate)
        reserved = await super().reserve(name, pace, wanted, unused_mark)
        if len(self.asked) == 1:
            await self.release.wait()
            run = Run(time.monotonic(), pace.interval, 5, pace.tolerance, mark=1)
            return Reserved(run, more_at=0)
        return reserved


async def test_what_was_asked_for_at_another_rate_is_forgotten_when_it_comes(redis: Redis) -> None:
    # Given a rate that changes while the answer is on its way
    reservations = SlowReservations(redis)
    told: list[float] = []
    bucket = Bucket("mailing:7", 1_000, reservations, lambda: told.append(time.monotonic()))
    bucket.want(5)
    await until(lambda: len(reservations.asked) == 1)
    bucket.rate = 1

    # When
    reservations.release.set()
    await until(lambda: len(reservations.asked) == 2)

    # Then
    assert reservations.asked == [1_000, 1]
    assert told == []
    bucket.close()


async def test_a_name_has_one_bucket_with_the_newest_rate_for_as_long_as_somebody_holds_it(waiters: Waiters) -> None:
    # Given
    bucket = waiters.limits.bucket("mailing:7", 10)
    assert waiters.limits.bucket("mailing:7", 20) is bucket
    assert bucket.rate == 20

    # When nobody holds it any more
    trace = weakref.ref(bucket)
    del bucket
    gc.collect()

    # Then
    assert trace() is None


async def test_a_closed_bucket_gives_nothing_more(waiters: Waiters, redis: Redis) -> None:
    # Given
    bucket = waiters.limits.bucket("mailing:7", 1_000)
    waiters.stand_before(bucket, 10_000)
    await until(lambda: len(waiters.used) > 10)

    # When
    waiters.limits.close()
    used = len(waiters.used)
    await redis.delete(KEY.format("mailing:7"))
    bucket.want(5)
    bucket.rate = 2_000

    # Then
    assert not bucket.take()
    other = waiters.limits.bucket("mailing:8", 1_000)
    waiters.stand_before(other, 1)
    await until(lambda: len(waiters.used) > used)
    assert await redis.keys("*") == [KEY.format("mailing:8").encode()]


@pytest.mark.parametrize(
    ("harm", "heal"),
    [
        (("CONFIG SET maxmemory 1",), ("CONFIG SET maxmemory 0",)),
        (("REPLICAOF 127.0.0.1 1",), ("REPLICAOF NO ONE",)),
        (
            ("SET mailing:rate:provider nonsense", "RENAME mailing:rate:provider x", "LPUSH mailing:rate:provider x"),
            ("DEL mailing:rate:provider",),
        ),
    ],
    ids=["full", "read-only", "another type"],
)
async def test_while_redis_refuses_nothing_leaves_and_then_it_goes_on(
    mortal_redis: Redis, harm: tuple[str, ...], heal: tuple[str, ...]
) -> None:
    # Given
    waiters = Waiters(mortal_redis)
    bucket = waiters.limits.bucket("provider", 1_000)
    for command in harm:
        await run(mortal_redis, command)

    # When
    with capture_logs() as logs:
        waiters.stand_before(bucket, 3)
        called = await calls(mortal_redis)
        while await calls(mortal_redis) < called + 3:
            assert bucket.usable() == 0
            await asyncio.sleep(0.002)
        for command in heal:
            await run(mortal_redis, command)
        await until(lambda: len(waiters.used) == 3)

    # Then it was told once
    assert [(entry["event"], entry.get("bucket")) for entry in logs] == [
        ("rate_limit.away", "provider"),
        ("rate_limit.away.over", None),
    ]
    waiters.limits.close()


async def test_it_goes_on_with_another_redis_in_place_of_the_one_that_went_away(
    mortal: ValkeyServer, mortal_redis: Redis
) -> None:
    # Given
    waiters = Waiters(mortal_redis)
    waiters.stand_before(waiters.limits.bucket("provider", 1_000), 100_000)
    await until(lambda: len(waiters.used) > 10)

    # When it is away for as long as it takes to be met
    with capture_logs() as logs:
        await asyncio.to_thread(mortal.stop)
        await until(lambda: bool(logs))
        await asyncio.to_thread(mortal.start)
        await until(lambda: len(logs) > 1)
        used = len(waiters.used)
        await until(lambda: len(waiters.used) > used + 100)

    # Then
    assert [entry["event"] for entry in logs] == ["rate_limit.away", "rate_limit.away.over"]
    waiters.limits.close()


@pytest.fixture
async def silent_port() -> AsyncIterator[int]:
    """The port of a server that takes connections and never says anything."""
    connections: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: connections.append(writer), "127.0.0.1")
    yield server.sockets[0].getsockname()[1]
    for connection in connections:
        connection.close()
    server.close()


async def test_a_redis_that_never_answers_is_given_half_a_second_and_lets_nothing_leave(silent_port: int) -> None:
    # Given
    redis: Redis = Redis(port=silent_port)
    waiters = Waiters(redis)
    bucket = waiters.limits.bucket("provider", 1_000)

    # When
    with capture_logs() as logs:
        waiters.stand_before(bucket, 1)
        waited = await until(lambda: bool(logs))

    # Then
    waiters.limits.close()
    await redis.aclose()
    assert [(entry["event"], entry["error"]) for entry in logs] == [("rate_limit.away", "TimeoutError()")]
    assert waited >= 0.5
    assert waiters.used == []
