"""Mailings, from the outside: create (B4), update (B7)."""

from collections import Counter
from datetime import datetime

from tests.e2e.office import Office, moment
from tests.e2e.outside import Outside
from tests.e2e.window_times import closed_in, local_hour
from tests.gql_api.api import Api

MOSCOW = "Europe/Moscow"


async def test_a_mailing_is_created_with_all_attributes(office: Office, api: Api) -> None:
    # When
    values = {
        "text": "Скидка 10 % до воскресенья 🎉",
        "startsAt": "2031-01-31T09:00:00+03:00",
        "endsAt": "2031-01-31T21:00:00+03:00",
        "filter": {"operatorCodes": ["916", "926"], "tags": [office.name]},
        "window": {"opensAt": "09:00", "closesAt": "21:00"},
        "maxRate": 50,
    }
    mailing = await office.change("createMailing", **values)

    # Then it is there as given, its times in UTC
    in_utc = {"startsAt": "2031-01-31T06:00:00Z", "endsAt": "2031-01-31T18:00:00Z"}
    assert mailing == values | in_utc | {"id": mailing["id"], "status": "SCHEDULED"}
    assert await office.mailing(mailing["id"]) == mailing
    listed = await api.ask("{ mailings(statuses: SCHEDULED, last: 1) { nodes { id } } }")
    assert listed == {"mailings": {"nodes": [{"id": mailing["id"]}]}}


async def test_all_problems_of_a_mailing_are_told_at_once(office: Office) -> None:
    answer = await office.mutate(
        "createMailing",
        text=" ",
        startsAt=moment(-60),
        endsAt=moment(-120),
        filter={"operatorCodes": ["x"]},
        window={"opensAt": "09:00", "closesAt": "09:00"},
        maxRate=0,
    )
    assert answer["__typename"] == "InvalidInput"
    assert [problem["path"] for problem in answer["problems"]] == [
        ["text"],
        ["filter", "operatorCodes", "0"],
        ["window", "closesAt"],
        ["maxRate"],
        ["endsAt"],
    ]
    assert all(problem["message"] for problem in answer["problems"])


async def test_before_it_starts_everything_can_be_changed(office: Office, outside: Outside) -> None:
    # Given a mailing for next year
    clients = await office.add_clients(2)
    mailing = await office.create(text="draft", starts_in=30_000_000, ends_in=31_000_000, filter={"tags": ["nobody"]})

    # When all of it is changed, the start to now
    values = {"text": office.name, "startsAt": moment(0), "endsAt": moment(60), "maxRate": 9}
    filter = {"operatorCodes": ["916"], "tags": [office.name]}
    changed = await office.change("updateMailing", id=mailing, **values, filter=filter, window=None)
    assert {name: changed[name] for name in ("text", "maxRate", "filter", "window")} == {
        "text": office.name,
        "maxRate": 9,
        "filter": filter,
        "window": None,
    }

    # Then it is sent as it is now
    assert await office.result(mailing) == Counter(SENT=2)
    taken = await outside.taken()
    assert {(one.phone, one.text) for one in taken} == {(int(one["phone"]), office.name) for one in clients}


async def test_while_it_runs_all_but_the_start_can_be_changed_for_what_is_not_yet_sent(
    office: Office, outside: Outside
) -> None:
    # Given a running mailing whose messages wait for the window
    newcomer_tag = f"{office.name}, newcomers"
    await office.add_clients(2)
    newcomers = await office.add_clients(3, tag=newcomer_tag)
    mailing = await office.create(text="the old text", window=closed_in(local_hour(MOSCOW)))
    await office.until_counts(mailing, PENDING=2)

    # When its start is to be changed, then it is refused
    refused = await office.mutate("updateMailing", id=mailing, text="neither", startsAt=moment(10))
    assert (refused["__typename"], refused["mailing"]) == (
        "MailingAlreadyStarted",
        {"id": mailing, "status": "RUNNING"},
    )
    # When it is to be for others, then the first ones are left out, and the others taken in
    await office.change("updateMailing", id=mailing, filter={"tags": [newcomer_tag]})
    await office.until_counts(mailing, PENDING=3, CANCELLED=2)
    # When text, end and window are changed, then the new ones are in force
    changed = await office.change("updateMailing", id=mailing, text=office.name, endsAt=moment(90), window=None)
    assert (changed["text"], changed["window"], changed["status"]) == (office.name, None, "RUNNING")
    assert await office.result(mailing) == Counter(SENT=3, CANCELLED=2)
    assert {(one.phone, one.text) for one in await outside.taken()} == {
        (int(one["phone"]), office.name) for one in newcomers
    }


async def test_once_it_is_over_nothing_can_be_changed(office: Office) -> None:
    # Given
    await office.add_client()
    mailing = await office.create()
    assert await office.result(mailing) == Counter(SENT=1)

    # When, then
    over = {"id": mailing, "status": "FINISHED"}
    for mutation, changes, fact in (
        ("updateMailing", {"text": "too late"}, "MailingAlreadyEnded"),
        ("cancelMailing", {}, "MailingAlreadyEnded"),
        ("pauseMailing", {}, "MailingNotRunning"),
        ("resumeMailing", {}, "MailingNotPaused"),
    ):
        answer = await office.mutate(mutation, id=mailing, **changes)
        assert (answer["__typename"], answer.get("mailing")) == (fact, over)
    assert (await office.mailing(mailing, "text"))["text"] == office.name


async def test_the_end_of_a_running_mailing_can_be_drawn_near(office: Office) -> None:
    # Given a mailing that would wait for its window for hours
    await office.add_client()
    mailing = await office.create(ends_in=3600, window=closed_in(local_hour(MOSCOW)))
    await office.until_counts(mailing, PENDING=1)

    # When it is to end in a moment, then it does
    ends_at = moment(2)
    await office.change("updateMailing", id=mailing, endsAt=ends_at)
    assert await office.result(mailing) == Counter(EXPIRED=1)
    assert datetime.fromisoformat(moment(0)) > datetime.fromisoformat(ends_at)
