import asyncio

import pytest

from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing, add_messages

CREATE = """
mutation ($input: CreateClientInput!) {
  createClient(input: $input) {
    __typename
    ... on UserError { message }
    ... on Client { id phone operatorCode tag timezone }
    ... on InvalidInput { problems { path message } }
    ... on PhoneAlreadyRegistered { client { id phone } }
  }
}
"""
UPDATE = """
mutation ($input: UpdateClientInput!) {
  updateClient(input: $input) {
    __typename
    ... on UserError { message }
    ... on Client { id phone operatorCode tag timezone }
    ... on InvalidInput { problems { path message } }
    ... on NotFound { notFound: id }
    ... on PhoneAlreadyRegistered { client { id phone } }
  }
}
"""
DELETE = """
mutation ($input: DeleteClientInput!) {
  deleteClient(input: $input) {
    __typename
    ... on UserError { message }
    ... on Deleted { id }
    ... on NotFound { notFound: id }
  }
}
"""
NEVER_WERE = [
    "client_2",
    "client_0",
    "client_01",
    "client_-1",
    "client_9223372036854775808",
    "mailing_1",
    "1",
    "",
    "�",
    "client_1 ",
]


async def test_a_client_is_added(api: Api) -> None:
    data = await api.ask(
        CREATE, input={"phone": "79161234567", "operatorCode": "45", "tag": "vip", "timezone": "Asia/Tokyo"}
    )

    made = {"id": "client_1", "phone": "79161234567", "operatorCode": "45", "tag": "vip", "timezone": "Asia/Tokyo"}
    assert data == {"createClient": {"__typename": "Client"} | made}
    assert await api.ask('{ client(id: "client_1") { id phone operatorCode tag timezone } }') == {"client": made}


@pytest.mark.parametrize("optional", [{}, {"operatorCode": None, "tag": None}])
async def test_code_and_tag_may_be_left_out(api: Api, optional: dict[str, None]) -> None:
    data = await api.ask(CREATE, input={"phone": "79161234567", "timezone": "UTC"} | optional)

    assert (data["createClient"]["operatorCode"], data["createClient"]["tag"]) == ("916", "")


async def test_every_problem_of_a_client_is_told_at_once(api: Api) -> None:
    data = await api.ask(CREATE, input={"phone": "8916", "operatorCode": "", "tag": "x" * 101, "timezone": "Mars"})

    assert data["createClient"] == {
        "__typename": "InvalidInput",
        "message": 'phone: must be 7 and ten digits, such as 79161234567; given: "8916"; '
        'operatorCode: must be 1 to 8 digits, such as 916; given: ""; '
        "tag: must be at most 100 characters; given: 101; "
        'timezone: must be an IANA time zone, such as Europe/Moscow; given: "Mars"',
        "problems": [
            {"path": ["phone"], "message": 'must be 7 and ten digits, such as 79161234567; given: "8916"'},
            {"path": ["operatorCode"], "message": 'must be 1 to 8 digits, such as 916; given: ""'},
            {"path": ["tag"], "message": "must be at most 100 characters; given: 101"},
            {"path": ["timezone"], "message": 'must be an IANA time zone, such as Europe/Moscow; given: "Mars"'},
        ],
    }


async def test_a_phone_has_one_client(api: Api) -> None:
    new = {"phone": "79161234567", "timezone": "UTC"}

    results = await asyncio.gather(*(api.ask(CREATE, input=new) for _ in range(5)))

    refused = [r["createClient"] for r in results if r["createClient"]["__typename"] != "Client"]
    (made,) = [r["createClient"] for r in results if r["createClient"]["__typename"] == "Client"]
    assert refused == 4 * [
        {
            "__typename": "PhoneAlreadyRegistered",
            "message": "Another client has this phone.",
            "client": {"id": made["id"], "phone": "79161234567"},
        }
    ]


async def test_a_phone_that_is_no_string_is_an_error_of_the_request(api: Api) -> None:
    (error,) = await api.errors(CREATE, input={"phone": 79161234567, "timezone": "UTC"})

    assert "PhoneNumber must be a string" in error["message"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_a_client_is_changed_only_in_what_is_given(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)

    changed = await api.ask(UPDATE, input={"id": "client_1", "phone": "79991234567", "timezone": "Asia/Tokyo"})
    untagged = await api.ask(UPDATE, input={"id": "client_1", "tag": None})

    client = {"__typename": "Client", "id": "client_1", "phone": "79991234567", "operatorCode": "916"}
    assert changed["updateClient"] == client | {"tag": "vip", "timezone": "Asia/Tokyo"}
    assert untagged["updateClient"] == client | {"tag": "", "timezone": "Asia/Tokyo"}


async def test_null_does_not_keep_a_value(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)

    data = await api.ask(UPDATE, input={"id": "client_1", "phone": None, "operatorCode": None, "timezone": None})

    kept = "must not be null; leave it out to keep it"
    assert data["updateClient"]["problems"] == [
        {"path": ["phone"], "message": kept},
        {"path": ["operatorCode"], "message": kept},
        {"path": ["timezone"], "message": kept},
    ]


async def test_a_client_does_not_get_the_phone_of_another(api: Api, sql: Sql) -> None:
    await add_clients(sql, 2)

    data = await api.ask(UPDATE, input={"id": "client_2", "phone": "79160000001"})

    assert data["updateClient"] == {
        "__typename": "PhoneAlreadyRegistered",
        "message": "Another client has this phone.",
        "client": {"id": "client_1", "phone": "79160000001"},
    }


@pytest.mark.parametrize("id", NEVER_WERE)
async def test_an_id_that_names_no_client_is_not_found(api: Api, sql: Sql, id: str) -> None:
    await add_clients(sql, 1)
    not_found = {"__typename": "NotFound", "message": "There is no such client.", "notFound": id}

    assert await api.ask(UPDATE, input={"id": id, "tag": "x"}) == {"updateClient": not_found}
    assert await api.ask(DELETE, input={"id": id}) == {"deleteClient": not_found}
    assert await api.ask("query ($id: ID!) { client(id: $id) { id } }", id=id) == {"client": None}


async def test_a_deleted_client_is_gone_and_its_messages_stay_without_it(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("RUNNING"))

    assert await api.ask(DELETE, input={"id": "client_1"}) == {
        "deleteClient": {"__typename": "Deleted", "id": "client_1"}
    }

    assert await api.ask('{ client(id: "client_1") { id } message(id: "message_1") { status client { id } } }') == {
        "client": None,
        "message": {"status": "CANCELLED", "client": None},
    }
    again = await api.ask(DELETE, input={"id": "client_1"})
    assert again["deleteClient"]["__typename"] == "NotFound"


async def test_a_second_change_in_one_request_answers_with_what_is_true_by_then(api: Api, sql: Sql) -> None:
    await add_clients(sql, 2)

    data = await api.ask(
        """
        mutation {
          a: updateClient(input: {id: "client_2", phone: "79160000001"}) {
            ... on PhoneAlreadyRegistered { client { tag } } }
          b: updateClient(input: {id: "client_1", tag: "new"}) { __typename }
          c: updateClient(input: {id: "client_2", phone: "79160000001"}) {
            ... on PhoneAlreadyRegistered { client { tag } } }
        }
        """
    )

    assert data == {"a": {"client": {"tag": "vip"}}, "b": {"__typename": "Client"}, "c": {"client": {"tag": "new"}}}
