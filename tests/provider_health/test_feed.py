"""The provider's health for those who follow it in one process: real database."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import pytest
from structlog.testing import capture_logs

from mailing.delivery.breaker import BreakerState
from mailing.delivery.channel_health import ChannelStanding
from mailing.provider_health.feed import HealthFeed
from mailing.provider_health.news import seconds_between
from tests.conftest import Sql
from tests.provider_health.channel import READ, count_requests, counted_reads, open_channel
from tests.waiting import until

CLOSED, OPEN = BreakerState.CLOSED, BreakerState.OPEN
EVERY_SECONDS = 0.02


class Follower:
    """Follows in a task of its own and keeps what came, and when."""

    def __init__(self, feed: HealthFeed) -> None:
        self.told: list[ChannelStanding] = []
        self.moments: list[float] = []
        self.task = asyncio.create_task(self._follow(feed.watch()))

    async def _follow(self, states: AsyncGenerator[ChannelStanding, None]) -> None:
        async with aclosing(states):
            async for state in states:
                self.told.append(state)
                self.moments.append(time.monotonic())

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.wait({self.task})


@pytest.fixture
async def feed(database: None) -> AsyncIterator[HealthFeed]:
    """A feed that reads fifty times a second, so that it is not what limits the pace."""
    feed = HealthFeed(read_every_seconds=EVERY_SECONDS)
    feed.start()
    yield feed
    await feed.stop()


async def test_the_whole_state_comes_at_once_and_then_its_changes(sql: Sql, feed: HealthFeed) -> None:
    # Given
    follower = Follower(feed)
    await until(lambda: len(follower.told) == 1)
    # When
    await open_channel(sql)
    await until(lambda: len(follower.told) == 2)
    await sql("UPDATE provider_channel SET state = 'HALF_OPEN'")
    await until(lambda: len(follower.told) == 3)
    # Then
    assert [(one.state, one.reason) for one in follower.told] == [
        (CLOSED, None),
        (OPEN, "a reason"),
        (BreakerState.HALF_OPEN, "a reason"),
    ]
    assert not follower.task.done()


async def test_changes_come_at_most_ten_times_a_second_and_none_that_is_older(sql: Sql, feed: HealthFeed) -> None:
    # Given two who follow a channel that changes all the time
    followers = [Follower(feed), Follower(feed)]
    for number in range(100):
        await open_channel(sql, f"reason {number}")
        await asyncio.sleep(0.005)
    # Then each is told the last state
    await until(lambda: all(one.told[-1].reason == "reason 99" for one in followers))
    for follower in followers:
        gaps = [after - before for before, after in zip(follower.moments, follower.moments[1:], strict=False)]
        assert len(gaps) >= 3
        assert min(gaps) >= 0.09  # told ten times a second; this task may notice one late
        moments = [one.now for one in follower.told]
        assert moments == sorted(set(moments))


async def test_a_state_that_was_read_before_and_arrives_late_is_told_to_nobody(
    sql: Sql, feed: HealthFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a follower who knows that the channel is open
    follower = Follower(feed)
    await until(lambda: len(follower.told) == 1)
    await open_channel(sql)
    await until(lambda: len(follower.told) == 2)
    # When a newcomer's read brings what was before
    old = follower.told[0]

    async def read_late() -> ChannelStanding:
        return old

    monkeypatch.setattr(READ, read_late)
    async with aclosing(feed.watch()) as newcomer:
        # Then that is told to neither
        assert (await anext(newcomer)).state is OPEN
    await asyncio.sleep(0.15)
    assert [one.state for one in follower.told] == [CLOSED, OPEN]


async def test_figures_alone_come_every_two_seconds_and_do_not_hold_up_a_change(
    sql: Sql, feed: HealthFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a follower, and requests all the time
    follower = Follower(feed)
    await until(lambda: len(follower.told) == 1)

    async def is_told_again() -> bool:
        await count_requests(sql, 1)
        return len(follower.told) > 1

    await until(is_told_again)
    # Then they were told once, two seconds later
    first, second = follower.told
    assert second.requests > 10
    assert seconds_between(first, second) == 2
    assert follower.moments[1] - follower.moments[0] > 1.9
    # When the state changes in between, then that comes before the next figures would, however long they took
    monkeypatch.setattr("mailing.provider_health.news.FIGURES_SECONDS", 3600)
    await count_requests(sql, 1)
    await open_channel(sql)
    await until(lambda: follower.told[-1].state is OPEN)
    assert len(follower.told) == 3


async def test_one_reader_serves_everyone_and_rests_when_the_last_has_gone(
    feed: HealthFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = counted_reads(monkeypatch)
    # Given nobody, then nothing is read
    await asyncio.sleep(5 * EVERY_SECONDS)
    assert reads() == 0
    # Given fifty, then beside the first read of each there are no more than for one
    followers = [Follower(feed) for _ in range(50)]
    await until(lambda: all(follower.told for follower in followers))
    begun, before = time.monotonic(), reads()
    await until(lambda: reads() >= before + 5)
    assert reads() - before <= 1 + (time.monotonic() - begun) / EVERY_SECONDS
    # When the last has gone, then nothing is read any more
    for follower in followers:
        await follower.leave()
    after = reads()
    await asyncio.sleep(5 * EVERY_SECONDS)
    assert reads() <= after + 1  # one may have been under way
    # And who comes later sees the state of then
    again = Follower(feed)
    await until(lambda: len(again.told) == 1)


async def test_a_slow_follower_gets_the_newest_next_and_holds_nobody_up(sql: Sql, feed: HealthFeed) -> None:
    # Given one that does not read on after its first state, and one that does
    async with aclosing(feed.watch()) as slow:
        assert (await anext(slow)).state is CLOSED
        quick = Follower(feed)
        for number in range(3):
            await open_channel(sql, f"reason {number}")
            await until(lambda: bool(quick.told) and quick.told[-1].reason == f"reason {number}")  # noqa: B023
        # Then
        assert (await anext(slow)).reason == "reason 2"
        await quick.leave()


async def test_the_database_may_be_away_for_a_while(
    sql: Sql, feed: HealthFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a follower, and a database that refuses
    follower = Follower(feed)
    await until(lambda: len(follower.told) == 1)
    refused = 0

    async def refuse() -> ChannelStanding:
        nonlocal refused
        refused += 1
        raise ConnectionRefusedError

    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr(READ, refuse)
        await until(lambda: refused > 3)
        # Then a newcomer is told so
        with pytest.raises(ConnectionRefusedError):
            await anext(feed.watch())
    # When it is back, then the follower learns what it missed
    with capture_logs() as later_logs:
        await open_channel(sql)
        await until(lambda: follower.told[-1].state is OPEN)
    # And the log has told of it once
    told = [entry["event"] for entry in (*logs, *later_logs)]
    assert told == ["provider_health.not_read", "provider_health.not_read.over"]


async def test_the_end_of_the_feed_ends_all_subscriptions(feed: HealthFeed) -> None:
    follower = Follower(feed)
    await until(lambda: len(follower.told) == 1)

    await feed.stop()

    await until(follower.task.done)
    assert [state async for state in feed.watch()] == []
