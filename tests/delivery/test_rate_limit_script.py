"""The script on a real Valkey, with a clock that the test moves; and what holds for all who follow it."""

import heapq
import itertools
import random
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from mailing.delivery.rate_limit_clock import ServerClock
from mailing.delivery.rate_limit_permits import Pace, Permits, most_in_a_second
from mailing.delivery.rate_limit_redis import KEY, MICROSECONDS, SCRIPT, Answer, arguments, run_of
from mailing.embedded.valkey import ValkeyServer
from tests.delivery.windows import most_in_any_second

NOW = 1_800_000_000 * MICROSECONDS
MS = 1_000


class Server:
    """Valkey with the script, whose clock shows what it is told."""

    def __init__(self, redis: "Redis") -> None:
        asks_for_the_time = "redis.call('TIME')"
        assert SCRIPT.count(asks_for_the_time) == 1
        self._script = redis.register_script(SCRIPT.replace(asks_for_the_time, "{ARGV[6], ARGV[7]}"))
        self._redis = redis

    def reserve(self, now: int, rate: int, wanted: int, unused_mark: int = 0) -> Answer:
        time = divmod(now, MICROSECONDS)
        args = [*arguments(Pace.of(rate), wanted, unused_mark), *time]
        return Answer(*self._script(keys=[KEY.format("it")], args=args))

    def wipe(self) -> None:
        self._redis.flushall()


@pytest.fixture(scope="module")
def valkey_client(valkey: ValkeyServer) -> Iterator["Redis"]:
    client = Redis.from_url(valkey.url)
    yield client
    client.close()


@pytest.fixture
def server(valkey_client: "Redis") -> Server:
    server = Server(valkey_client)
    server.wipe()
    return server


def known(server: Server, rate: int) -> int:
    """Make the bucket known; the moment of its last permit."""
    return server.reserve(NOW - 1_000 * MS, rate, 0).last


def test_a_bucket_that_is_not_known_begins_one_interval_after_all_that_it_may_have_given_out(server: Server) -> None:
    # When 100/s is asked for again and again, once the server has lost everything
    answers = [server.reserve(NOW + at * MS, 100, 5) for at in (0, 10, 11)]

    # Then the first permit lies 40 ms and an interval (10.1 ms) after the first question
    first = NOW + 50_100
    assert answers == [
        (NOW, 0, first, NOW + 40 * MS),
        (NOW + 10 * MS, 0, first, NOW + 40 * MS),
        (NOW + 11 * MS, 1, first, first),
    ]


def test_permits_lie_an_interval_apart_and_no_further_ahead_than_40_ms(server: Server) -> None:
    # Given a bucket of 100/s that has rested, and may give out the permits of the last 30 ms
    known(server, 100)

    # When more are wanted than that
    first, again = server.reserve(NOW, 100, 3), server.reserve(NOW, 100, 50)

    # Then
    assert first == (NOW, 3, NOW - 30 * MS, NOW - 9_800)
    assert again == (NOW, 4, NOW + 300, NOW + 30_600)


def test_the_interval_is_that_of_who_asks(server: Server) -> None:
    known(server, 100)
    last = server.reserve(NOW, 100, 50).last
    slow, quick = server.reserve(last, 2, 1), server.reserve(last, 1_000, 1)
    assert (slow.permits, slow.first) == (0, last + 510 * MS)
    assert (quick.permits, quick.first) == (1, last + 1_010)


def test_the_last_permit_is_given_out_anew_when_it_comes_back_and_only_then(server: Server) -> None:
    # Given a permit of 5/s
    known(server, 5)
    unused = server.reserve(NOW, 5, 1).last

    # When another process asks, then the one that brings it back, then one that brings it back once more
    later = NOW + 50 * MS
    answers = [server.reserve(later, 5, 1, mark) for mark in (0, unused, unused)]

    # Then
    anew = answers[1].first
    assert [answer.permits for answer in answers] == [0, 1, 0]
    assert later - 6 * MS <= anew <= later
    assert answers[2].last == anew


def test_a_clock_that_is_set_back_an_hour_delays_permits_by_an_interval_not_by_an_hour(server: Server) -> None:
    known(server, 100)
    server.reserve(NOW, 100, 50)
    earlier = NOW - 3_600 * MICROSECONDS
    assert server.reserve(earlier, 100, 1) == (earlier, 0, earlier + 50_100, earlier + 40 * MS)
    assert server.reserve(earlier + 50_100, 100, 1).permits == 1


def test_what_redis_keeps_of_a_bucket_is_gone_after_an_hour(server: Server, valkey_client: "Redis") -> None:
    server.reserve(NOW, 100, 1)
    assert 3_590_000 < valkey_client.pttl(KEY.format("it")) <= 3_600_000


def test_a_permit_holds_from_when_its_moment_has_certainly_come_until_it_is_perhaps_too_late() -> None:
    # Given an answer that took 4 ms, 1 ms of it on the way to the server, whose clock showed 100 s then
    clock = ServerClock()
    clock.learn(7, 100, 7.004)
    pace = Pace.of(200)

    # When three permits are given, the first for 20 ms later
    run = run_of(Answer(now=100_000_000, permits=3, first=100_020_000, last=100_030_100), pace, clock)

    # Then
    assert (run.step, run.count, run.mark) == (0.00505, 3, 100_030_100)
    assert run.first == pytest.approx(7.024, abs=1e-5)
    assert run.first + run.lasts == pytest.approx(7.02 + 0.06, abs=1e-5)


class Process:
    """One of several that share a bucket: its clock is its own, and all it does takes its time."""

    def __init__(self, server: Server, rate: int, dice: random.Random) -> None:
        self._server = server
        self._rate = rate
        self._pace = Pace.of(rate)
        self._dice = dice
        self._monotonic = dice.uniform(0, 1e5)
        self._clock = ServerClock()
        self._permits = Permits()
        self.used: list[float] = []

    def live(self, server_lead: list[float]) -> Generator[float, float, None]:
        """Yields how long to wait; is told the time in seconds."""
        now = yield 0
        while True:
            asked_at = now
            now = yield self._delay()
            server_time = round((now + server_lead[0]) * MICROSECONDS)
            mark = self._permits.give_back()
            answer = self._server.reserve(server_time, self._rate, self._dice.choice([1, 5, 10_000]), mark)
            now = yield self._delay()
            here = self._monotonic
            self._clock.learn(here + asked_at, answer.now / MICROSECONDS, here + now)
            self._permits.add(run_of(answer, self._pace, self._clock))
            for _ in range(self._dice.randrange(1, 5)):
                now = yield self._delay()
                while self._permits.take(here + now):
                    self.used.append(now)

    def _delay(self) -> float:
        """Mostly quick, at times as slow as a process that gets no processor."""
        return self._dice.expovariate(1 / self._dice.choice([0.0005, 0.003, 0.03]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=st.one_of(st.integers(1, 60), st.sampled_from([100, 199, 1_000])),
    processes=st.integers(1, 5),
    faults=st.lists(st.sampled_from(["wipe", "set back"]), max_size=3),
    seed=st.integers(0, 2**32),
)
def test_no_second_holds_more_than_the_limit_and_its_tenth_whatever_processes_do(
    server: Server, rate: int, processes: int, faults: list[str], seed: int
) -> None:
    # Given processes with their own clocks, questions that take their time, and a server that forgets
    dice = random.Random(seed)
    server.wipe()
    lead = [NOW / MICROSECONDS]
    alive = [Process(server, rate, dice) for _ in range(processes)]
    lives = [one.live(lead) for one in alive]
    order = itertools.count()
    events = [(next(life), next(order), life) for life in lives]
    trouble = [(dice.uniform(0.5, 3), fault) for fault in faults]

    # When they take what they can for 3 s
    while (now := events[0][0]) < 3:
        for at, fault in [one for one in trouble if one[0] <= now]:
            trouble.remove((at, fault))
            if fault == "wipe":
                server.wipe()
            else:
                lead[0] -= dice.choice([1, 60])
        _, _, life = heapq.heappop(events)
        heapq.heappush(events, (now + life.send(now), next(order), life))

    # Then
    used = [moment for one in alive for moment in one.used]
    assert most_in_any_second(used) <= most_in_a_second(rate)
