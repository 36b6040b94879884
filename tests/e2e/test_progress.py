"""Progress while it is being sent, message by message (L3), pushed over a WebSocket."""

import asyncio
from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import Any

from tests.e2e.crowd import Crowd
from tests.e2e.follower import following, following_active, whole_story
from tests.e2e.office import Office, counts_of
from tests.e2e.outside import Outside
from tests.e2e.window_times import closed_in, local_hour
from tests.gql_api.api import Api

Json = dict[str, Any]


async def test_two_followers_see_the_whole_state_first_then_only_advances_then_the_end(
    office: Office, outside: Outside, api: Api, crowd: Crowd
) -> None:
    # Given a mailing that is sent slowly, and someone who follows it from its beginning
    await outside.play(latency_ms=200)
    mailing = await office.create(filter=crowd.audience(1_000))
    first = asyncio.create_task(whole_story(api, mailing))

    # When another one comes later
    await office.until_counts(mailing, SENT=100)
    second = asyncio.create_task(whole_story(api, mailing))

    # Then the later one has the whole state with the first event, and both have the same end
    early, late = await first, await second
    assert counts_of(late[0])["SENT"] >= 100
    assert late[0]["total"] == 1_000
    for events in (early, late):
        _check_story(events)
        assert counts_of(events[-1]) == Counter(SENT=1_000)
        assert events[-1]["mailing"] == {"id": mailing, "status": "FINISHED"}
        assert len([event for event in events if 0 < event["sent"] < 1_000]) > 2
    print(f"{len(early)} and {len(late)} events")


async def test_of_a_mailing_that_is_over_there_is_one_event(office: Office, api: Api) -> None:
    await office.add_client()
    mailing = await office.create()
    assert await office.result(mailing) == Counter(SENT=1)
    (event,) = await whole_story(api, mailing)
    assert (counts_of(event), event["mailing"]["status"]) == (Counter(SENT=1), "FINISHED")


async def test_what_is_done_to_a_mailing_is_seen_by_its_followers(office: Office, api: Api) -> None:
    # Given a mailing that waits, and a follower
    await office.add_clients(2)
    mailing = await office.create(window=closed_in(local_hour("Europe/Moscow")))
    await office.until_counts(mailing, PENDING=2)
    async with following(api, mailing) as events, asyncio.timeout(10):
        assert counts_of(await anext(events)) == Counter(PENDING=2)

        # When it is cancelled
        await office.change("cancelMailing", id=mailing)

        # Then that is the last the follower hears
        rest = [event async for event in events]
    assert (counts_of(rest[-1]), rest[-1]["mailing"]["status"]) == (Counter(CANCELLED=2), "CANCELLED")


async def test_who_follows_all_that_runs_sees_each_mailing_from_its_start_to_its_end(
    office: Office, outside: Outside, api: Api
) -> None:
    # Given a mailing that runs, and someone who follows all
    await outside.play(latency_ms=300)
    await office.add_clients(3)
    running = await office.create(window=closed_in(local_hour("Europe/Moscow")))
    await office.until_counts(running, PENDING=3)
    last: dict[str, Json] = {}
    async with following_active(api) as events, asyncio.timeout(15):
        first = await anext(events)
        assert (first["mailing"]["id"], counts_of(first)) == (running, Counter(PENDING=3))

        # When another one starts, which takes its time, and then the first may be sent
        started = await office.create()
        await office.change("updateMailing", id=running, window=None)

        # Then both are seen to their ends
        async for event in events:
            last[event["mailing"]["id"]] = event
            if [each["mailing"]["status"] for each in last.values()] == ["FINISHED"] * 2:
                break
    assert {id: counts_of(event) for id, event in last.items()} == {
        running: Counter(SENT=3),
        started: Counter(SENT=3),
    }


async def test_a_mailing_that_is_not_there_cannot_be_followed(api: Api) -> None:
    async with api.socket() as socket:
        await socket.subscribe("x", 'subscription { mailingProgress(mailingId: "mailing_99999999") { total } }')
        frame = await socket.receive()
    assert (frame["id"], frame["payload"]["data"] if frame["type"] == "next" else None) == ("x", None)
    errors = frame["payload"]["errors"] if frame["type"] == "next" else frame["payload"]
    assert errors[0]["extensions"]["code"] == "NOT_FOUND"


def _check_story(events: list[Json]) -> None:
    """The counts sum to the total in every event; what is sent stays sent, and time does not run backwards."""
    for event in events:
        counts_of(event)
    for earlier, later in pairwise(events):
        assert later["sent"] >= earlier["sent"]
        assert later["total"] >= earlier["total"]
        assert datetime.fromisoformat(later["updatedAt"]) >= datetime.fromisoformat(earlier["updatedAt"])
