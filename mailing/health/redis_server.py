"""Checks of Valkey or Redis. It may be lost entirely, and nothing is lost: but while it is away, some things wait."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from mailing.health.amounts import size
from mailing.health.clocks import Question
from mailing.health.finding import Finding, fine, problem, warning
from mailing.health.quoting import root_of, said

LEAST_VERSION: Final = 7
FULL: Final = 0.9

_VARIABLE = "MAILING_REDIS_URL"
_WITHOUT = (
    "Until then mailings without a rate limit are sent all the same, live progress comes every 2 s, and what has a "
    "limit waits."
)


async def look_whether_it_answers(redis: Redis, within: float) -> list[Finding]:
    """Only that. A warning where it does not within so many seconds: whoever asks can go on without it."""
    try:
        async with asyncio.timeout(within):
            await redis.ping()
    except (OSError, RedisError) as e:
        return [warning("redis", f"Redis does not answer: {said(e)}.", f"{_advice(e)} {_WITHOUT}")]
    return [fine("redis", "Redis answers.")]


async def look_at_redis(url: str, place: str) -> list[Finding]:
    """Whether one that this service can use answers at `place`, and what time it shows."""
    # Tried once: the first failure says what is wrong, and waiting for the next would use up the time.
    redis: Redis = Redis.from_url(url, retry=Retry(NoBackoff(), 0))
    try:
        facts: Mapping[str, Any] = await redis.info()
        question = Question()
        seconds, microseconds = await redis.time()
    except asyncio.CancelledError:
        raise
    except NoPermissionError as e:
        advice = f"Give the user in {_VARIABLE} all commands on all keys."
        return [problem("redis", f"Redis at {place} answers, but forbids: {said(e)}.", advice)]
    except (OSError, RedisError) as e:
        return [problem("redis", f"Redis at {place} does not answer: {said(e)}.", f"{_advice(e)} {_WITHOUT}")]
    else:
        shown = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=microseconds)
        return [judged(facts, place), question.answered("Redis", shown)]
    finally:
        await redis.aclose()


def judged(facts: Mapping[str, Any], place: str) -> Finding:
    """What its INFO means for this service."""
    name, version = _version(facts)
    server = f"{name} {version} at {place}"
    policy = facts.get("maxmemory_policy", "noeviction")
    used, most = int(facts.get("used_memory", 0)), int(facts.get("maxmemory", 0))
    if facts.get("role", "master") != "master":
        return problem("redis", f"{server} takes no changes: it is a replica.", f"Name the primary in {_VARIABLE}.")
    if _major(version) < LEAST_VERSION:
        return problem("redis", f"{server} is too old.", f"Use Valkey, or Redis {LEAST_VERSION} or newer.")
    if "err" in (facts.get("rdb_last_bgsave_status"), facts.get("aof_last_write_status")):
        advice = "Make room on its disk, or give it rights to write there; it may refuse all changes until then."
        return problem("redis", f"{server} could not write its data to its disk.", advice)
    if most and used >= FULL * most:
        what = f"{server} has {size(used)} of the {size(most)} that it may have."
        return warning("redis", what, "Raise its maxmemory; or find out who else keeps data there.")
    if most and policy != "noeviction":
        what = f"{server} drops data when its {size(most)} are full (maxmemory-policy {policy})."
        return warning("redis", what, "Set maxmemory-policy to noeviction: lost wake-ups are made up for, but late.")
    return fine("redis", f"{server} answers; it has {size(used)} in memory.")


def _version(facts: Mapping[str, Any]) -> tuple[str, str]:
    """Valkey tells old clients a version of Redis, too."""
    if version := facts.get("valkey_version"):
        return "Valkey", str(version)
    return "Redis", str(facts.get("redis_version", "0"))


def _major(version: str) -> int:
    first = version.partition(".")[0]
    return int(first) if first.isdecimal() else 0


def _advice(error: Exception) -> str:
    match root_of(error):
        case AuthenticationError():
            return f"Correct user and password in {_VARIABLE}."
        case TimeoutError():
            return "See whether it is overloaded or hangs, and whether a firewall stands between."
    return f"Start it, or correct host and port in {_VARIABLE}."
