import asyncio

import pytest
from websockets.exceptions import ConnectionClosedError

from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.http.naming import short
from tests.gql_api.rows import add_clients


async def test_a_query_may_be_asked_by_get(api: Api) -> None:
    query = {"query": "{ clients { totalCount } }"}
    async with api.http.get(f"http://{api.address}/graphql", params=query) as response:
        assert (response.status, await response.json()) == (200, {"data": {"clients": {"totalCount": 0}}})


async def test_a_mutation_may_not_be_asked_by_get(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)

    query = {"query": 'mutation { deleteClient(input: {id: "client_1"}) { __typename } }'}
    async with api.http.get(f"http://{api.address}/graphql", params=query) as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")

    assert len(await sql("SELECT id FROM client")) == 1


async def test_a_document_that_would_fill_the_memory_is_refused(api: Api) -> None:
    query = {"query": "{ clients { " + "totalCount " * 5_000 + "} }"}
    async with api.http.post(f"http://{api.address}/graphql", json=query) as response:
        answer = await response.json()

    assert "data" not in answer
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["TOO_MANY_TOKENS"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"query": "{ __typename }", "variables": {"id": "\\ud800"}}', "BAD_REQUEST"),
        ('{"query": "{ __typename } # \\ud800"}', "BAD_REQUEST"),
        ('{"query": "{ client(id: \\"\\\\ud800\\") { id } }"}', "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_half_a_character_in_the_request_is_refused(api: Api, body: str, code: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with api.http.post(f"http://{api.address}/graphql", data=body, headers=headers) as response:
        assert [error["extensions"]["code"] for error in (await response.json())["errors"]] == [code]


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "",
        "1",
        "null",
        '"x"',
        "[]",
        "{}",
        '{"query": 1}',
        '{"query": "{a}", "variables": 1}',
        "[" * 100_000,
        '{"query": ' + "1" * 10_000 + "}",
    ],
    ids=short,
)
async def test_a_body_that_is_no_request_is_refused(api: Api, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with api.http.post(f"http://{api.address}/graphql", data=body, headers=headers) as response:
        assert 400 <= response.status < 500


async def test_mutations_and_queries_run_over_the_socket_too(api: Api) -> None:
    create = """
        mutation { createClient(input: {phone: "79161234567", timezone: "UTC"}) { ... on Client { id operatorCode } } }
    """

    async with api.socket() as socket:
        await socket.subscribe("a", create)
        frames = [await socket.receive(), await socket.receive()]

    assert frames == [
        {"id": "a", "type": "next", "payload": {"data": {"createClient": {"id": "client_1", "operatorCode": "916"}}}},
        {"id": "a", "type": "complete"},
    ]


async def test_many_requests_at_once_are_answered_each_with_its_own(api: Api, sql: Sql) -> None:
    await add_clients(sql, 20)

    answers = await asyncio.gather(
        *(api.ask("query ($id: ID!) { client(id: $id) { id } }", id=f"client_{n}") for n in range(1, 21))
    )

    assert answers == [{"client": {"id": f"client_{n}"}} for n in range(1, 21)]


@pytest.mark.parametrize(
    "frame",
    ["1", "[]", "null", '"x"', "{", "{}", '{"type": 1}', '{"type": "unknown"}', '{"type": "subscribe", "id": "a"}',
     '{"type": "subscribe", "id": 1, "payload": {"query": "{a}"}}', '{"type": "subscribe", "id": "a", "payload": 5}',
     '{"type": "subscribe", "id": "a", "payload": {"query": "{a}", "variables": []}}', '{"type": "complete"}'],
)  # fmt: skip
async def test_a_frame_that_the_protocol_does_not_know_closes_the_socket_with_4400(api: Api, frame: str) -> None:
    async with api.socket() as socket:
        await socket.connection.send(frame)
        with pytest.raises(ConnectionClosedError):
            await socket.receive()

        assert socket.connection.close_code == 4400
