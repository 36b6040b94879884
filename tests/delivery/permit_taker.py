"""A worker process, as rate limits see one: `python -m tests.delivery.permit_taker URL NAME RATE SECONDS WAITERS`.

It says "ready" and waits for a line. Then it takes permits for so long, with so many requests that always wait, and
prints as one JSON list when it used each, in seconds of the machine's monotonic clock, which all processes share.
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


async def main(url: str, name: str, rate: str, seconds: str, waiters: str) -> None:
    redis: Redis = Redis.from_url(url)
    await redis.ping()
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    used = await take_permits(redis, name, int(rate), float(seconds), int(waiters))
    await redis.aclose()
    print(json.dumps(used), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
