"""The promise itself, measured: four processes take permits from one bucket, and the times of use are counted."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from redis import Redis

from mailing.delivery.rate_limit_permits import most_in_a_second
from mailing.embedded.valkey import ValkeyServer
from tests.delivery.windows import attempts, most_in_any_second, used_share

PROJECT = Path(__file__).parents[2]
PROCESSES = 4

Taker = subprocess.Popen[str]


@contextmanager
def taker(*arguments: object) -> Iterator[Taker]:
    """A process that is ready to take permits."""
    command = [sys.executable, "-m", "tests.delivery.permit_taker", *map(str, arguments)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: Taker) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def begin_all(processes: Sequence[Taker], name: str) -> None:
    """Have them take permits of that bucket."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(f"{name}\n")
        process.stdin.flush()


def moments_of(processes: Sequence[Taker]) -> list[float]:
    """When permits were used, by all."""
    return [moment for process in processes for moment in json.loads(line_of(process))]


@contextmanager
def four_takers(valkey: ValkeyServer, rate: int, seconds: float) -> Iterator[list[Taker]]:
    """Four that are ready."""
    with ExitStack() as stack:
        processes = [stack.enter_context(taker(valkey.url, rate, seconds, 200)) for _ in range(PROCESSES)]
        assert [line_of(process) for process in processes] == ["ready\n"] * PROCESSES
        yield processes


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("rate", "seconds"), [(5, 5), (200, 3), (2_000, 2)])
def test_four_processes_use_the_limit_and_never_more(valkey: ValkeyServer, rate: int, seconds: float) -> None:
    shares = []
    with four_takers(valkey, rate, seconds) as processes:
        for attempt in attempts():
            # When
            begin_all(processes, f"limit-{rate}-{attempt}")
            moments = moments_of(processes)

            # Then
            assert most_in_any_second(moments) <= most_in_a_second(rate)
            shares.append(used_share(moments, rate))
            if shares[-1] >= 0.97:
                break
    assert shares[-1] >= 0.97, shares


@pytest.mark.parametrize("rate", [5, 200])
def test_the_limit_holds_although_redis_is_wiped_again_and_again(valkey: ValkeyServer, rate: int) -> None:
    # Given
    with Redis.from_url(valkey.url) as redis, four_takers(valkey, rate, 3) as processes:
        begin_all(processes, f"wiped-{rate}")
        # When everything is gone, the script included, seven times at moments that have nothing to do with the limit's
        for _ in range(7):
            time.sleep(0.373)
            redis.flushall()
            redis.script_flush()
        moments = moments_of(processes)

    # Then they go on, within the limit
    assert most_in_any_second(moments) <= most_in_a_second(rate)
    assert len(moments) >= 5
