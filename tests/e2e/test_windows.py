"""A client is sent a message only while the client's own local time is inside the mailing's window (R11)."""

import asyncio
from collections import Counter

from tests.e2e.office import Office, moment
from tests.e2e.outside import Outside
from tests.e2e.window_times import closed_in, local_hour, open_in, zone_where_it_is


async def test_each_client_is_judged_by_the_clock_of_the_clients_own_zone(office: Office, outside: Outside) -> None:
    # Given three zones whose clocks are hours apart, and a window in which it is now in one of them
    here, ahead, behind = "Europe/Moscow", "Asia/Vladivostok", "Atlantic/Azores"
    inside, *_ = await asyncio.gather(*(office.add_clients(3, timezone=zone) for zone in (here, ahead, behind)))

    # When
    mailing = await office.create(window=open_in(local_hour(here)))

    # Then those inside get it, the others wait
    await office.until_counts(mailing, SENT=3)
    assert await office.counts(mailing) == Counter(SENT=3, PENDING=6)
    # When the mailing ends before their window comes, then theirs expire
    await office.change("updateMailing", id=mailing, endsAt=moment(2))
    assert await office.result(mailing) == Counter(SENT=3, EXPIRED=6)
    assert {taken.phone for taken in await outside.taken(office.name)} == {int(one["phone"]) for one in inside}
    assert (await outside.totals())["requests"] == 3
    zones = {
        group["value"]: {each["status"]: each["count"] for each in group["byStatus"] if each["count"]}
        for group in (await office.statistics(mailing))["byTimezone"]
    }
    assert zones == {here: {"SENT": 3}, ahead: {"EXPIRED": 3}, behind: {"EXPIRED": 3}}


async def test_a_window_may_cross_midnight(office: Office, outside: Outside) -> None:
    # Given clients for whom it is shortly before midnight, shortly after, and noon
    before, after, noon = (zone_where_it_is(hour) for hour in (23, 0, 12))
    late, early, _ = await asyncio.gather(*(office.add_clients(2, timezone=zone) for zone in (before, after, noon)))

    # When it may be sent from ten in the evening to two at night
    mailing = await office.create(window={"opensAt": "22:00", "closesAt": "02:00"})
    await office.until_counts(mailing, SENT=4, PENDING=2)
    await office.change("updateMailing", id=mailing, endsAt=moment(2))

    # Then it is for the night owls only
    assert await office.result(mailing) == Counter(SENT=4, EXPIRED=2)
    assert {taken.phone for taken in await outside.taken(office.name)} == {int(one["phone"]) for one in late + early}


async def test_who_moves_to_where_the_window_is_open_gets_the_message(office: Office, outside: Outside) -> None:
    # Given a client for whom the window is closed
    client = await office.add_client()
    mailing = await office.create(window=closed_in(local_hour("Europe/Moscow")))
    await office.until_counts(mailing, PENDING=1)

    # When the client moves half the world away
    zone = zone_where_it_is((local_hour("Europe/Moscow") + 12) % 24)
    await office.change("updateClient", id=client["id"], timezone=zone)

    # Then it is sent
    assert await office.result(mailing) == Counter(SENT=1)
    assert [taken.phone for taken in await outside.taken(office.name)] == [int(client["phone"])]
