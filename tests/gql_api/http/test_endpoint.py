"""Status and form of answers."""

import pytest

from tests.conftest import Sql
from tests.gql_api.api import Api, Json
from tests.gql_api.http.naming import short
from tests.gql_api.rows import add_clients

GRAPHQL, JSON = "application/graphql-response+json", "application/json"

NOTHING_EXECUTED = [
    ("{ clients {", None, "GRAPHQL_PARSE_FAILED"),
    ("{ nothing }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("query ($n: Int!) { clients(first: $n) { totalCount } }", None, "BAD_USER_INPUT"),
    ("query A { __typename }", "B", "GRAPHQL_VALIDATION_FAILED"),
    ("query A { __typename } query B { __typename }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("fragment A on Query { __typename }", None, "GRAPHQL_VALIDATION_FAILED"),
]


@pytest.mark.parametrize(("query", "name", "code"), NOTHING_EXECUTED)
@pytest.mark.parametrize(("accept", "expected"), [(GRAPHQL, 400), (JSON, 200)])
async def test_what_is_not_executed_has_no_data(
    api: Api, query: str, name: str | None, code: str, accept: str, expected: int
) -> None:
    status, type_, answer = await _ask(api, query, accept, name)

    assert (status, type_) == (expected, f"{accept}; charset=utf-8")
    assert "data" not in answer
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_what_fails_while_it_is_executed_is_ok_and_has_data(api: Api, accept: str) -> None:
    status, type_, answer = await _ask(api, "{ clients(first: 0) { totalCount } }", accept)

    assert (status, type_) == (200, f"{accept}; charset=utf-8")
    assert answer["data"] is None
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["clients"], "BAD_USER_INPUT")
    ]


async def test_every_answer_says_that_it_depends_on_what_is_accepted(api: Api) -> None:
    for accept in (GRAPHQL, JSON, "text/html", "text/event-stream"):
        headers = {"Accept": accept}
        async with api.http.get(f"http://{api.address}/graphql?query={{__typename}}", headers=headers) as response:
            assert response.headers["Vary"] == "Accept", accept


async def test_a_mutation_for_someone_who_reads_no_answer_is_not_executed(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)

    delete = 'mutation { deleteClient(input: {id: "client_1"}) { __typename } }'
    status, type_, answer = await _ask(api, delete, "text/html, application/json;q=0")

    assert (status, type_) == (406, "application/json; charset=utf-8")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_ACCEPTABLE"]
    assert len(await sql("SELECT id FROM client")) == 1


@pytest.mark.parametrize("accept", ["*/*", JSON, GRAPHQL, "multipart/mixed"])
async def test_a_subscription_is_no_stream_for_someone_who_does_not_ask_for_one(api: Api, accept: str) -> None:
    status, _, answer = await _ask(api, "subscription { providerHealth { breaker } }", accept)

    assert status == 406
    (error,) = answer["errors"]
    assert error["extensions"] == {"code": "NOT_ACCEPTABLE"}
    assert "graphql-transport-ws" in error["message"]


async def test_a_refusal_is_in_the_form_that_is_accepted(api: Api) -> None:
    async with api.http.get(f"http://{api.address}/graphql", headers={"Accept": GRAPHQL}) as response:
        assert (response.status, response.content_type) == (400, GRAPHQL)


async def test_a_query_is_answered_as_an_event_to_someone_who_reads_nothing_else(api: Api) -> None:
    headers, query = {"Accept": "text/event-stream"}, {"query": "{ __typename }"}
    async with api.http.post(f"http://{api.address}/graphql", json=query, headers=headers) as response:
        text = await response.text()

    assert (response.status, response.content_type) == (200, "text/event-stream")
    assert text == 'event: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata:\n\n'


@pytest.mark.parametrize(
    "id",
    ["", "client_", "client_0", "client_-1", "client_1.5", "client_" + "9" * 40, "client_١", "mailing_1", "x", "💥",
     "client_1 ", "Client_1", "client_1\x00", "' OR 1=1 --", "a" * 100_000],
    ids=short,
)  # fmt: skip
async def test_an_id_of_any_shape_names_nothing(api: Api, id: str) -> None:
    body = {"query": "query ($id: ID!) { client(id: $id) { id } node(id: $id) { id } }", "variables": {"id": id}}
    status, _, answer = await _post(api, body, GRAPHQL)

    assert status == 200
    assert answer == {"data": {"client": None, "node": None}}


@pytest.mark.parametrize(
    "arguments",
    ["first: 0", "first: -1", "first: 10000", "last: 0", "last: -5", "first: 1, last: 1", 'after: "-1"', 'after: "x"',
     'first: 1, after: ""', 'before: "AAAA"', 'before: "💥"', f'after: "{"9" * 1000}"'],
    ids=short,
)  # fmt: skip
async def test_a_part_that_cannot_be_is_a_mistake_of_the_caller(api: Api, arguments: str) -> None:
    status, _, answer = await _ask(api, f"{{ clients({arguments}) {{ nodes {{ id }} }} }}", GRAPHQL)

    assert status == 200
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def _ask(api: Api, query: str, accept: str, name: str | None = None) -> tuple[int, str, Json]:
    return await _post(api, {"query": query, "operationName": name}, accept)


async def _post(api: Api, body: Json, accept: str) -> tuple[int, str, Json]:
    async with api.http.post(f"http://{api.address}/graphql", json=body, headers={"Accept": accept}) as response:
        return response.status, response.headers["Content-Type"], await response.json()
