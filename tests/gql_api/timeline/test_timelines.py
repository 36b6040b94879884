"""`timeline` of mailings, clients and messages."""

import pytest

from mailing.clients.service import delete_client, update_client
from mailing.clients.validation import client_changes
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing, add_messages

ENTRIES = """{
    totalCount pageInfo { hasNextPage endCursor }
    nodes { kind text user until status reason changes { field before after } mailing { id } message { id } }
}"""
TIMELINE = (
    f"query ($id: ID!, $first: Int, $after: String) {{ timeline(id: $id, first: $first, after: $after) {ENTRIES} }}"
)
UPDATE = 'mutation { updateClient(input: {id: "client_1", phone: "79260000000", tag: "new"}) { __typename } }'
CREATE = """
mutation {
  createMailing(input: {
    text: "Hi", startsAt: "2090-01-31T12:00:00+03:00", endsAt: "2090-02-01T12:00:00Z",
    filter: {operatorCodes: ["916"], tags: ["a, b"]}, window: {opensAt: "09:00", closesAt: "18:30"}, maxRate: 5
  }) { ... on Mailing { id timeline { nodes { kind user operationId changes { field before after } } } } }
}
"""


async def test_a_mailing_tells_what_it_was_created_with_and_by_whom(api: Api) -> None:
    (entry,) = (await api.ask(CREATE))["createMailing"]["timeline"]["nodes"]

    assert len(entry.pop("operationId")) > 10
    assert entry == {
        "kind": "MAILING_CREATED",
        "user": "everyone",
        "changes": [
            {"field": "text", "before": None, "after": "Hi"},
            {"field": "startsAt", "before": None, "after": "2090-01-31T09:00:00Z"},
            {"field": "endsAt", "before": None, "after": "2090-02-01T12:00:00Z"},
            {"field": "filter.operatorCodes", "before": None, "after": '["916"]'},
            {"field": "filter.tags", "before": None, "after": '["a, b"]'},
            {"field": "window.opensAt", "before": None, "after": "09:00"},
            {"field": "window.closesAt", "before": None, "after": "18:30"},
            {"field": "maxRate", "before": None, "after": "5"},
        ],
    }


async def test_a_client_tells_who_changed_what_from_what_to_what(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    await api.ask(UPDATE)

    data = await api.ask(f'{{ client(id: "client_1") {{ timeline(last: 1) {ENTRIES} }} }}')

    assert data["client"]["timeline"]["totalCount"] == 2
    assert data["client"]["timeline"]["nodes"] == [
        {
            "kind": "CLIENT_EDITED",
            "text": "The client was changed: phone, tag.",
            "user": "everyone",
            "until": None,
            "status": None,
            "reason": None,
            "changes": [
                {"field": "phone", "before": "79160000001", "after": "79260000000"},
                {"field": "tag", "before": "vip", "after": "new"},
            ],
            "mailing": None,
            "message": None,
        }
    ]


async def test_a_message_tells_of_its_tries_and_its_end(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("RUNNING"), "SENT")
    await sql("UPDATE message SET sent_at = now()")
    await sql(
        """
        INSERT INTO delivery_attempt (message_id, number, started_at, duration_ms, outcome, http_status, next_try_at)
        VALUES (1, 1, now() - interval '2 s', 7, 'DEFERRED', 503, '2030-03-01T12:00:00Z')
        """
    )
    await sql("UPDATE message SET created_at = now() - interval '3 s'")

    entries = "{ nodes { kind until status attempt { number nextTryAt } message { id } mailing { id } } }"
    data = await api.ask(f'{{ message(id: "message_1") {{ timeline {entries} }} }}')

    nothing = {"until": None, "status": None, "attempt": None}
    whose = {"message": {"id": "message_1"}, "mailing": {"id": "mailing_1"}}
    at = "2030-03-01T12:00:00Z"
    nodes = [node for node in data["message"]["timeline"]["nodes"] if node["kind"].startswith("MESSAGE")]
    assert nodes == [
        nothing | whose | {"kind": "MESSAGE_CREATED"},
        nothing | whose | {"kind": "MESSAGE_TRIED", "until": at, "attempt": {"number": 1, "nextTryAt": at}},
        nothing | whose | {"kind": "MESSAGE_ENDED", "status": "SENT"},
    ]


async def test_what_is_deleted_can_still_be_asked_about_by_its_id(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    await update_client(1, client_changes(phone="79260000000"))
    await delete_client(1)

    timeline = (await api.ask(TIMELINE, id="client_1"))["timeline"]

    assert [node["kind"] for node in timeline["nodes"]] == ["CLIENT_CREATED", "CLIENT_EDITED", "CLIENT_DELETED"]
    assert timeline["nodes"][1]["changes"] == [{"field": "phone", "before": None, "after": None}]
    assert "79" not in str(timeline["nodes"])


async def test_pages_lead_through_the_whole_timeline(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    for tag in "abcd":
        await update_client(1, client_changes(tag=tag))
    whole = (await api.ask(TIMELINE, id="client_1"))["timeline"]["nodes"]

    found, after = [], None
    for _ in range(3):
        page = (await api.ask(TIMELINE, id="client_1", first=2, after=after))["timeline"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]

    assert (len(whole), page["totalCount"], page["pageInfo"]["hasNextPage"]) == (5, 5, False)
    assert found == whole


@pytest.mark.parametrize("id", ["client_7", "mailing_7", "message_7"])
async def test_what_has_left_no_trace_has_an_empty_timeline(api: Api, id: str) -> None:
    assert (await api.ask(TIMELINE, id=id))["timeline"]["nodes"] == []


@pytest.mark.parametrize("id", ["", "7", "token_1", "client_0", "mailing_x"])
async def test_what_is_no_id_is_refused(api: Api, id: str) -> None:
    (error,) = await api.errors(TIMELINE, id=id)

    assert error["message"] == "id: must be the id of a mailing, a client or a message, such as mailing_7"
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_cursor_of_another_timeline_is_refused(api: Api, sql: Sql) -> None:
    await add_clients(sql, 2)
    cursor = (await api.ask(TIMELINE, id="client_1"))["timeline"]["pageInfo"]["endCursor"]

    (error,) = await api.errors(TIMELINE, id="client_2", after=cursor)

    assert error["message"] == "after: is a cursor of another list (client_1.timeline), not of client_2.timeline"
