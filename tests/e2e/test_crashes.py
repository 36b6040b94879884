"""The scheduler, the API, Valkey and PostgreSQL may be killed at any moment, and every message is sent."""

import asyncio
import shutil
from collections import Counter

from tests.e2e.crowd import Crowd
from tests.e2e.follower import whole_story
from tests.e2e.office import Office, counts_of
from tests.e2e.outside import Outside
from tests.e2e.service import Service
from tests.e2e.watchfulness import answering_within
from tests.gql_api.api import Api
from tests.waiting import until

SOME = 1_000


async def test_a_killed_scheduler_is_not_missed(
    service: Service, office: Office, outside: Outside, crowd: Crowd
) -> None:
    # Given a mailing under way, and one for later
    await outside.play(latency_ms=200)
    await office.add_clients(2)
    mailing = await office.create(filter=crowd.audience(SOME))
    later = await office.create(starts_in=1.5)
    await office.until_counts(mailing, SENT=1)

    # When
    (scheduler,) = service.parts("scheduler")
    await service.kill(scheduler)

    # Then
    assert await office.result(mailing) == Counter(SENT=SOME)
    assert await office.result(later) == Counter(SENT=2)
    assert (await outside.totals())["accepted"] == SOME + 2
    await service.until_whole()


async def test_a_killed_api_stops_no_mailing_and_its_followers_find_back(
    service: Service, office: Office, outside: Outside, api: Api, crowd: Crowd
) -> None:
    # Given a mailing under way, and someone who follows it
    await outside.play(latency_ms=400)
    mailing = await office.create(filter=crowd.audience(SOME))
    follower = asyncio.create_task(whole_story(api, mailing, seconds=60))
    await office.until_counts(mailing, SENT=1)

    # When
    (killed,) = service.parts("api")
    await service.kill(killed)

    # Then the follower hears the end all the same
    events = await follower
    assert (counts_of(events[-1]), events[-1]["mailing"]["status"]) == (Counter(SENT=SOME), "FINISHED")
    assert [event["sent"] for event in events] == sorted(event["sent"] for event in events)
    assert await office.counts(mailing) == Counter(SENT=SOME)
    assert (await outside.totals())["accepted"] == SOME


async def test_a_valkey_that_is_killed_and_has_lost_everything_costs_no_message(
    service: Service, office: Office, outside: Outside, api: Api, crowd: Crowd
) -> None:
    # Given a mailing under way, one for soon, and a follower
    await outside.play(latency_ms=300)
    await office.add_clients(2)
    async with answering_within(api, 2):
        mailing = await office.create(filter=crowd.audience(SOME))
        later = await office.create(starts_in=2)
        follower = asyncio.create_task(whole_story(api, mailing, seconds=60))
        await office.until_counts(mailing, SENT=1)

        # When all that it holds is gone, and then itself
        (valkey,) = service.parts("valkey-server")
        shutil.rmtree(service.data_dir / "valkey" / "store" / "appendonlydir")
        await service.kill(valkey)

        # Then
        assert await office.result(mailing, seconds=60) == Counter(SENT=SOME)
        assert await office.result(later, seconds=60) == Counter(SENT=2)
        assert counts_of((await follower)[-1]) == Counter(SENT=SOME)
    assert (await outside.totals())["accepted"] == SOME + 2


async def test_a_killed_database_comes_back_with_all_that_it_knew(
    service: Service, office: Office, outside: Outside, api: Api, crowd: Crowd
) -> None:
    # Given a mailing under way
    await outside.play(latency_ms=300)
    mailing = await office.create(filter=crowd.audience(SOME))
    await office.until_counts(mailing, SENT=1)

    # When
    (postgres,) = service.parts("postgres")
    await service.kill(postgres)
    await service.until_whole()

    # Then it is told when the API can be used again, and nobody is sent anything twice
    await until(lambda: _is_ready(api))
    events = await whole_story(api, mailing, seconds=60)
    assert counts_of(events[-1]) == Counter(SENT=SOME)
    totals = await outside.totals()
    assert (totals["accepted"], totals["unique"], totals["dropped"]) == (SOME, SOME, totals["repeated"])
    print(f"{totals['repeated']} repeats")


async def _is_ready(api: Api) -> bool:
    async with api.http.get(f"http://{api.address}/readyz") as response:
        return response.status == 200
