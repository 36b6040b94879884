"""A worker process, as rate limits see one: `python -m tests.delivery.permit_taker URL RATE SECONDS WAITERS`.

It says "ready" and waits for lines, each the name of a bucket. For each it takes permits for so long, with so many
requests that always wait, and prints as one JSON list when it used each, in seconds of the machine's monotonic clock,
which all processes share.
"""

import asyncio
import json
import sys
import time

from redis.asyncio import Redis

from mailing.delivery.rate_limit import RateLimits


async def take_permits(redis: Redis, name: str, rate: int, seconds: float, waiters: int) -> list[float]:
    """Use each permit at once, for so many seconds."""
    used: list[float] = []

    def use() -> None:
        while bucket.take():
            used.append(time.monotonic())
        bucket.want(waiters)

    limits = RateLimits(redis, use)
    bucket = limits.bucket(name, rate)
    bucket.want(waiters)
    await asyncio.sleep(seconds)
    limits.close()
    return used


async def main(url: str, rate: str, seconds: str, waiters: str) -> None:
    redis: Redis = Redis.from_url(url)
    await redis.ping()
    print("ready", flush=True)
    while name := (await asyncio.to_thread(sys.stdin.readline)).strip():
        print(json.dumps(await take_permits(redis, name, int(rate), float(seconds), int(waiters))), flush=True)
    await redis.aclose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
