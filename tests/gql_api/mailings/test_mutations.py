from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from mailing.jobs import Job
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_mailing

MAILING = """
  ... on UserError { message }
  ... on Mailing { id text startsAt endsAt filter { operatorCodes tags } window { opensAt closesAt } maxRate status }
"""
MEMBERS = {
    "create": "... on InvalidInput { problems { path message } }",
    "update": """
      ... on InvalidInput { problems { path message } } ... on NotFound { notFound: id }
      ... on MailingAlreadyStarted { mailing { id } } ... on MailingAlreadyEnded { mailing { id status } }
    """,
    "pause": "... on NotFound { notFound: id } ... on MailingNotRunning { mailing { id status } }",
    "resume": "... on NotFound { notFound: id } ... on MailingNotPaused { mailing { id status } }",
    "cancel": "... on NotFound { notFound: id } ... on MailingAlreadyEnded { mailing { id status } }",
}
DELETE = """
mutation ($input: DeleteMailingInput!) {
  deleteMailing(input: $input) { __typename ... on Deleted { id } ... on NotFound { message notFound: id } }
}
"""
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


NEW: dict[str, Any] = {"text": "Hello", "startsAt": _iso(SOON), "endsAt": _iso(SOON + timedelta(hours=1))}
MADE: dict[str, Any] = NEW | {
    "__typename": "Mailing",
    "id": "mailing_1",
    "filter": {"operatorCodes": [], "tags": []},
    "window": None,
    "maxRate": None,
    "status": "SCHEDULED",
}


async def _do(api: Api, verb: str, **input: object) -> dict[str, Any]:
    operation = f"""
        mutation ($input: {verb.title()}MailingInput!) {{
          {verb}Mailing(input: $input) {{ __typename {MAILING} {MEMBERS[verb]} }}
        }}
    """
    result: dict[str, Any] = (await api.ask(operation, input=input))[f"{verb}Mailing"]
    return result


async def test_a_mailing_is_created(api: Api) -> None:
    made = await _do(
        api,
        "create",
        **NEW | {"startsAt": SOON.astimezone(timezone(timedelta(hours=3))).isoformat()},
        filter={"operatorCodes": ["916", "916"], "tags": ["vip"]},
        window={"opensAt": "22:00", "closesAt": "06:30"},
        maxRate=10,
    )

    assert made == MADE | {
        "filter": {"operatorCodes": ["916"], "tags": ["vip"]},
        "window": {"opensAt": "22:00", "closesAt": "06:30"},
        "maxRate": 10,
    }


@pytest.mark.parametrize("optional", [{}, {"filter": None, "window": None, "maxRate": None}, {"filter": {}}])
async def test_a_mailing_needs_only_text_and_times(api: Api, optional: dict[str, Any]) -> None:
    assert await _do(api, "create", **NEW, **optional) == MADE


async def test_a_mailing_whose_time_has_come_wakes_the_worker(api: Api, sent_jobs: Sequence[Job]) -> None:
    await _do(api, "create", **NEW | {"startsAt": "2020-01-01T00:00:00Z"})

    assert list(sent_jobs) == [Job("mailing.start", 1)]


async def test_every_problem_of_a_mailing_is_told_at_once(api: Api) -> None:
    refused = await _do(
        api,
        "create",
        text=" ",
        startsAt="soon",
        endsAt="2020-01-01T00:00:00Z",
        filter={"operatorCodes": ["a"], "tags": ["x" * 101]},
        window={"opensAt": "25:00", "closesAt": "06:30"},
        maxRate=0,
    )

    assert refused["__typename"] == "InvalidInput"
    assert refused["message"] == "; ".join(f"{'.'.join(p['path'])}: {p['message']}" for p in refused["problems"])
    assert [problem["path"] for problem in refused["problems"]] == [
        ["text"],
        ["startsAt"],
        ["filter", "operatorCodes", "0"],
        ["filter", "tags", "0"],
        ["window", "opensAt"],
        ["maxRate"],
        ["endsAt"],
    ]


async def test_a_scheduled_mailing_may_be_changed_in_everything(api: Api) -> None:
    await _do(
        api, "create", **NEW, filter={"tags": ["vip"]}, window={"opensAt": "09:00", "closesAt": "18:00"}, maxRate=5
    )
    later = _iso(SOON + timedelta(minutes=30))

    changed = await _do(api, "update", id="mailing_1", text="Bye", startsAt=later, filter={"operatorCodes": ["916"]})
    cleared = await _do(api, "update", id="mailing_1", filter=None, window=None, maxRate=None)
    untouched = await _do(api, "update", id="mailing_1")

    window = {"opensAt": "09:00", "closesAt": "18:00"}
    all_of_it = MADE | {"text": "Bye", "startsAt": later}
    assert changed == all_of_it | {"filter": {"operatorCodes": ["916"], "tags": []}, "window": window, "maxRate": 5}
    assert cleared == untouched == all_of_it


async def test_null_does_not_keep_a_value(api: Api) -> None:
    await _do(api, "create", **NEW)

    refused = await _do(api, "update", id="mailing_1", text=None, startsAt=None, endsAt=None)

    kept = "must not be null; leave it out to keep it"
    assert refused["problems"] == [
        {"path": ["text"], "message": kept},
        {"path": ["startsAt"], "message": kept},
        {"path": ["endsAt"], "message": kept},
    ]


async def test_a_change_is_held_against_the_mailing_as_it_is(api: Api) -> None:
    await _do(api, "create", **NEW)

    refused = await _do(api, "update", id="mailing_1", endsAt=_iso(SOON - timedelta(hours=1)))

    assert [problem["path"] for problem in refused["problems"]] == [["endsAt"]]


async def test_every_problem_of_a_change_is_told_at_once_also_those_with_the_stored_mailing(api: Api) -> None:
    await _do(api, "create", **NEW)
    created = NEW["startsAt"]

    refused = await _do(
        api, "update", id="mailing_1", text=" ", endsAt="2020-01-01T00:00:00Z", filter={"tags": ["\0"]}, maxRate=0
    )

    assert refused["__typename"] == "InvalidInput"
    assert [problem["path"] for problem in refused["problems"]] == [
        ["text"],
        ["filter", "tags", "0"],
        ["maxRate"],
        ["endsAt"],
        ["endsAt"],
    ]
    assert refused["problems"][3]["message"] == (
        f"must be after startsAt; startsAt: {created}, endsAt: 2020-01-01T00:00:00Z"
    )
    kept = await api.ask('{ mailing(id: "mailing_1") { text maxRate } }')
    assert kept == {"mailing": {"text": "Hello", "maxRate": None}}


async def test_the_start_of_a_started_mailing_does_not_change(api: Api) -> None:
    await add_mailing("RUNNING")

    refused = await _do(api, "update", id="mailing_1", startsAt="2030-01-31T13:00:00Z")

    assert refused == {
        "__typename": "MailingAlreadyStarted",
        "message": "The mailing has started (it is RUNNING): startsAt cannot change any more.",
        "mailing": {"id": "mailing_1"},
    }


@pytest.mark.parametrize("status", ["FINISHED", "CANCELLED"])
@pytest.mark.parametrize("verb", ["update", "cancel"])
async def test_a_mailing_that_is_over_does_not_change(api: Api, verb: str, status: str) -> None:
    await add_mailing(status, closed_as="CANCELLED")

    assert await _do(api, verb, id="mailing_1") == {
        "__typename": "MailingAlreadyEnded",
        "message": f"The mailing is over: it is {status}.",
        "mailing": {"id": "mailing_1", "status": status},
    }


async def test_a_mailing_is_paused_resumed_and_cancelled(api: Api) -> None:
    await add_mailing("RUNNING")

    assert (await _do(api, "pause", id="mailing_1"))["status"] == "PAUSED"
    assert (await _do(api, "resume", id="mailing_1"))["status"] == "RUNNING"
    assert (await _do(api, "cancel", id="mailing_1"))["status"] == "CANCELLED"


@pytest.mark.parametrize(
    ("verb", "status", "member", "message"),
    [
        ("pause", "SCHEDULED", "MailingNotRunning", "Only a running mailing can be paused; this one is SCHEDULED."),
        ("pause", "FINISHED", "MailingNotRunning", "Only a running mailing can be paused; this one is FINISHED."),
        ("resume", "RUNNING", "MailingNotPaused", "Only a paused mailing can be resumed; this one is RUNNING."),
        ("resume", "CANCELLED", "MailingNotPaused", "Only a paused mailing can be resumed; this one is CANCELLED."),
    ],
)
async def test_what_the_status_forbids_is_told_with_the_mailing(
    api: Api, verb: str, status: str, member: str, message: str
) -> None:
    await add_mailing(status)

    assert await _do(api, verb, id="mailing_1") == {
        "__typename": member,
        "message": message,
        "mailing": {"id": "mailing_1", "status": status},
    }


@pytest.mark.parametrize("id", ["mailing_2", "mailing_0", "client_1", "1", "", "mailing_99999999999999999999"])
async def test_an_id_that_names_no_mailing_is_not_found(api: Api, id: str) -> None:
    await add_mailing("RUNNING")
    not_found = {"__typename": "NotFound", "message": "There is no such mailing.", "notFound": id}

    for verb in ("update", "pause", "resume", "cancel"):
        assert await _do(api, verb, id=id) == not_found
    assert await api.ask(DELETE, input={"id": id}) == {"deleteMailing": not_found}


async def test_a_deleted_mailing_is_gone_from_every_answer(api: Api, sql: Sql) -> None:
    await add_mailing("RUNNING")

    deleted = await api.ask(DELETE, input={"id": "mailing_1"})

    assert deleted == {"deleteMailing": {"__typename": "Deleted", "id": "mailing_1"}}
    assert await api.ask(
        """
        { node(id: "mailing_1") { id } mailing(id: "mailing_1") { id }
          mailings { totalCount } statistics { mailings } }
        """
    ) == {"node": None, "mailing": None, "mailings": {"totalCount": 0}, "statistics": {"mailings": 0}}
    assert (await _do(api, "cancel", id="mailing_1"))["__typename"] == "NotFound"
