"""Fan-out in memory: order, coalescing, and nothing left behind."""

import asyncio
import random

from mailing.models.mailing import MailingStatus
from mailing.progress.hub import MOST_OVER, Hub
from mailing.progress.snapshot import MailingProgress
from mailing.progress.subscriber import Subscriber
from tests.progress.conftest import state
from tests.progress.hand_timer import HandTimer

FINISHED = MailingStatus.FINISHED


async def test_the_newest_state_replaces_those_that_were_not_taken() -> None:
    hub = Hub()
    with hub.watching(1) as subscriber:
        for second in range(1, 100):
            hub.accept(state(second))
        assert await _next(subscriber) == state(99)


async def test_an_older_state_never_comes_after_a_newer_one() -> None:
    hub = Hub()
    # Given states that arrive in any order, all of them twice
    seconds = [*range(1, 100)] * 2
    random.Random(1).shuffle(seconds)
    with hub.watching(1) as subscriber:
        # When some are taken while others arrive, and then the last
        taken: list[MailingProgress] = []
        for second in seconds:
            hub.accept(state(second))
            if second % 10 == 0 and subscriber._newest:
                taken.append(await _next(subscriber))
        while taken[-1] != state(99):
            taken.append(await _next(subscriber))
    # Then they only grew
    moments = [one.updated_at for one in taken]
    assert len(moments) > 2
    assert moments == sorted(set(moments))


async def test_a_state_that_says_nothing_new_is_not_handed_on() -> None:
    hub = Hub()
    with hub.watching(1) as subscriber:
        hub.accept(state(1, sent=5))
        assert await _next(subscriber) == state(1, sent=5)
        # When the same counts are read again, and then others
        hub.accept(state(2, sent=5))
        hub.accept(state(3, sent=6))
        # Then only the others come
        assert await _next(subscriber) == state(3, sent=6)


async def test_at_most_ten_states_a_second_of_one_mailing_come_and_others_do_not_wait() -> None:
    timer = HandTimer()
    hub = Hub(timer=timer)
    with hub.watching_active() as subscriber:
        hub.accept(state(1))
        await _next(subscriber)
        # When two mailings change at once
        hub.accept(state(2))
        hub.accept(state(1, mailing_id=2))
        # Then the one that was just told waits a tenth of a second, the other does not
        assert (await _next(subscriber)).mailing_id == 2
        following = asyncio.ensure_future(anext(subscriber))
        await timer.move(0.099)
        assert not following.done()
        await timer.move(0.001)
        assert following.done()
        assert await following == state(2)


async def test_one_late_state_does_not_make_all_that_follow_late() -> None:
    timer = HandTimer()
    hub = Hub(timer=timer)
    with hub.watching(1) as subscriber:

        async def moments() -> list[float]:
            return [round(timer.time(), 3) async for _ in subscriber]

        # Given states ten times a second, of which the second is 60 ms late
        taken = asyncio.create_task(moments())
        for number, late in enumerate([0, 0.06, 0, 0, 0, 0], start=1):
            await timer.move(number / 10 + late - timer.time())
            hub.accept(state(number))
        await timer.move(1)
        hub.end()
        # Then those right after it make up for it, and the last ones do not wait
        assert await taken == [0.1, 0.26, 0.34, 0.42, 0.5, 0.6]


async def test_a_state_that_differs_in_the_mailings_values_alone_is_handed_on() -> None:
    hub = Hub()
    with hub.watching(1) as subscriber:
        hub.accept(state(1, sent=5))
        assert await _next(subscriber) == state(1, sent=5)
        hub.accept(state(2, sent=5, revision=2))
        assert await _next(subscriber) == state(2, sent=5, revision=2)


async def test_a_mailing_runs_for_those_who_follow_it_until_it_is_heard_otherwise() -> None:
    hub = Hub()
    with hub.watching_active():
        assert not hub.runs(1)
        hub.accept(state(1))
        assert hub.runs(1)
        hub.accept(state(2, status=MailingStatus.PAUSED))
        assert not hub.runs(1)
        hub.accept(state(3))
        hub.gone(1)
        assert not hub.runs(1)


async def test_a_mailing_that_runs_is_followed_by_itself_until_its_final_state() -> None:
    hub = Hub()
    with hub.watching_active() as subscriber:
        # When one mailing starts, is paused and finishes, and another is paused that nobody saw running
        hub.accept(state(1, mailing_id=9, status=MailingStatus.PAUSED))
        told = []
        steps = (MailingStatus.RUNNING, MailingStatus.PAUSED, FINISHED)
        for second, status in enumerate(steps, start=1):
            hub.accept(state(second, status=status))
            told.append((await _next(subscriber)).status)
        # Then every state of the first comes, and it is followed no longer
        assert tuple(told) == steps
        assert hub.followed() == set()


async def test_a_state_from_before_the_final_one_does_not_bring_a_mailing_back() -> None:
    hub = Hub()
    with hub.watching_active() as subscriber:
        for one in (state(1), state(5, status=FINISHED)):
            hub.accept(one)
        assert (await _next(subscriber)).is_final
        # When an older state arrives late, or one of a mailing that is gone
        hub.accept(state(4))
        hub.accept(state(1, mailing_id=2))
        hub.gone(2)
        hub.accept(state(2, mailing_id=2))
        # Then neither is followed
        assert hub.followed() == set()


async def test_a_new_watcher_gets_the_final_state_that_overtook_its_read() -> None:
    hub = Hub()
    with hub.watching(1), hub.watching(1) as late:
        hub.accept(state(5, status=FINISHED))
        hub.welcome(late, state(4))
        assert await _next(late) == state(5, status=FINISHED)


async def test_a_new_watcher_gets_its_first_state_although_others_know_it() -> None:
    hub = Hub()
    with hub.watching(1):
        hub.accept(state(5))
        with hub.watching(1) as new:
            hub.welcome(new, state(6, sent=5000))
            assert (await _next(new)).sent == 5000


async def test_watchers_of_a_mailing_that_is_gone_come_to_an_end() -> None:
    hub = Hub()
    with hub.watching(1) as first, hub.watching(2) as second:
        hub.accept(state(1))
        hub.accept(state(1, mailing_id=2))
        hub.gone(1)
        assert [one async for one in first] == []
        assert (await _next(second)).mailing_id == 2


async def test_after_the_end_everyone_leaves_and_who_arrives_leaves_too() -> None:
    hub = Hub()
    with hub.watching(1) as one, hub.watching_active() as all_:
        hub.end()
        assert [state async for state in one] == [state async for state in all_] == []
    with hub.watching(1) as late:
        hub.welcome(late, state(1))
        assert [state async for state in late] == []


async def test_nothing_is_left_of_those_who_went_away() -> None:
    hub = Hub()
    # Given subscribers of all kinds, in the middle of everything
    with hub.watching(1), hub.watching(1), hub.watching(2), hub.watching_active():
        for mailing_id in range(1, 50):
            hub.accept(state(1, mailing_id=mailing_id))
            hub.accept(state(2, mailing_id=mailing_id, status=FINISHED if mailing_id % 2 else MailingStatus.PAUSED))
        hub.gone(4)
        assert not hub.is_empty
    # Then nothing is held once they have gone
    assert hub.is_empty


async def test_what_is_remembered_of_ended_mailings_is_bounded() -> None:
    hub = Hub()
    with hub.watching_active() as subscriber:
        for mailing_id in range(1, MOST_OVER + 100):
            hub.accept(state(1, mailing_id=mailing_id))
            hub.accept(state(2, mailing_id=mailing_id, status=FINISHED))
            await _next(subscriber)
        assert len(hub._over) == MOST_OVER
        assert hub._latest == {}
        assert subscriber.following == set()
        assert subscriber._beats == {}


async def _next(subscriber: Subscriber) -> MailingProgress:
    async with asyncio.timeout(5):
        return await anext(subscriber)
