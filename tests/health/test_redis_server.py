"""The checks of Valkey, against a real one, and what its INFO means."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from mailing.embedded.valkey import ValkeyServer
from mailing.health.finding import Level
from mailing.health.redis_server import judged, look_at_redis, look_whether_it_answers

GOOD = {"redis_version": "7.2.4", "role": "master", "maxmemory": 0, "maxmemory_policy": "noeviction", "used_memory": 10}


async def test_a_good_one_is_told_with_its_clock(valkey: ValkeyServer) -> None:
    server, clock = await look_at_redis(valkey.url, "here")

    assert (server.subject, server.level, clock.subject, clock.level) == (
        *("redis", Level.OK),
        *("clock of Redis", Level.OK),
    )
    assert server.what.startswith("Valkey 9.")
    assert " at here answers; it has " in server.what


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("redis://:sesame@127.0.0.1:9", "connection refused"),
        ("redis://nobody-at-all.invalid", "name not found"),
        ("unix:///nowhere/valkey.sock", "there is no such socket"),
    ],
)
async def test_one_that_is_away_is_a_problem_to_the_doctor_and_a_warning_to_a_process(url: str, why: str) -> None:
    (away,) = await look_at_redis(url, "there")
    redis: Redis = Redis.from_url(url, retry=Retry(NoBackoff(), 0))
    (warned,) = await look_whether_it_answers(redis, 5)
    await redis.aclose()

    assert (away.level, away.what) == (Level.PROBLEM, f"Redis at there does not answer: {why}.")
    assert (warned.level, warned.what) == (Level.WARNING, f"Redis does not answer: {why}.")


async def test_one_that_hangs_need_not_be_started() -> None:
    # Given one that takes the connection, and never answers
    held: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    redis: Redis = Redis.from_url(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}")

    # When
    (found,) = await look_whether_it_answers(redis, 0.1)
    await redis.aclose()
    for writer in held:
        writer.close()
    server.close()
    await server.wait_closed()

    # Then
    assert (found.level, found.what) == (Level.WARNING, "Redis does not answer: no answer in time.")
    assert (found.advice or "").startswith("See whether it is overloaded or hangs")


@pytest.fixture
async def poor(redis: Redis, valkey: ValkeyServer) -> AsyncIterator[str]:
    """The URL of a user who may only look whether it answers."""
    await redis.acl_setuser("poor", enabled=True, passwords=["+sesame"], commands=["+ping", "+client"])
    yield valkey.url.replace("unix://", "unix://poor:sesame@")
    await redis.acl_deluser("poor")


async def test_a_user_who_may_not_do_enough_is_a_problem(poor: str) -> None:
    (found,) = await look_at_redis(poor, "here")

    assert (found.level, found.advice) == (
        Level.PROBLEM,
        "Give the user in MAILING_REDIS_URL all commands on all keys.",
    )
    assert "info" in found.what


async def test_a_wrong_password_is_a_problem_that_does_not_tell_it(poor: str) -> None:
    (found,) = await look_at_redis(poor.replace("sesame", "simsalabim"), "here")

    assert found.level is Level.PROBLEM
    assert (found.advice or "").startswith("Correct user and password in MAILING_REDIS_URL.")
    assert "simsalabim" not in repr(found)


@pytest.mark.parametrize(
    ("changed", "level", "what"),
    [
        ({}, Level.OK, "Redis 7.2.4 at h answers; it has 10 bytes in memory."),
        ({"valkey_version": "8.1.0"}, Level.OK, "Valkey 8.1.0 at h answers; it has 10 bytes in memory."),
        ({"redis_version": "6.2.14"}, Level.PROBLEM, "Redis 6.2.14 at h is too old."),
        ({"role": "slave"}, Level.PROBLEM, "Redis 7.2.4 at h takes no changes: it is a replica."),
        (
            {"rdb_last_bgsave_status": "err"},
            Level.PROBLEM,
            "Redis 7.2.4 at h could not write its data to its disk.",
        ),
        ({"maxmemory": 10}, Level.WARNING, "Redis 7.2.4 at h has 10 bytes of the 10 bytes that it may have."),
        ({"maxmemory": 1_000}, Level.OK, "Redis 7.2.4 at h answers; it has 10 bytes in memory."),
        (
            {"maxmemory": 1_000, "maxmemory_policy": "allkeys-lru"},
            Level.WARNING,
            "Redis 7.2.4 at h drops data when its 1.0 KB are full (maxmemory-policy allkeys-lru).",
        ),
        ({"maxmemory_policy": "allkeys-lru"}, Level.OK, "Redis 7.2.4 at h answers; it has 10 bytes in memory."),
    ],
)
def test_what_a_server_tells_of_itself_is_judged(changed: Mapping[str, object], level: Level, what: str) -> None:
    found = judged({**GOOD, **changed}, "h")
    assert (found.level, found.what, found.advice is None) == (level, what, level is Level.OK)
