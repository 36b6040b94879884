"""The Python client gql, by each of its transports."""

from collections.abc import Callable
from typing import Any

import pytest
from gql import Client, GraphQLRequest, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from gql.transport.async_transport import AsyncTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing

PROGRESS = """
    subscription Progress($id: ID!) { mailingProgress(mailingId: $id) { mailing { status } } }
"""
CANCEL = """
    mutation Cancel($input: CancelMailingInput!) { cancelMailing(input: $input) { ... on Mailing { status } } }
"""


def _http(address: str) -> AsyncTransport:
    return AIOHTTPTransport(f"http://{address}/graphql")


def _websockets(address: str) -> AsyncTransport:
    return WebsocketsTransport(f"ws://{address}/graphql")


def _aiohttp_websockets(address: str) -> AsyncTransport:
    return AIOHTTPWebsocketsTransport(f"ws://{address}/graphql")


@pytest.mark.parametrize("transport", [_http, _websockets, _aiohttp_websockets])
async def test_queries_mutations_and_mistakes(api: Api, sql: Sql, transport: Callable[[str], AsyncTransport]) -> None:
    # Given a client that fetches the schema and checks against it what it asks
    await add_clients(sql, 3)
    await add_mailing("RUNNING")
    async with Client(transport=transport(api.address), fetch_schema_from_transport=True) as session:

        async def ask(query: str, **variables: object) -> Any:
            return await session.execute(GraphQLRequest(query, variable_values=variables))

        # Then it is answered
        count = "query Count($first: Int) { clients(first: $first) { totalCount } }"
        assert await ask(count, first=1) == {"clients": {"totalCount": 3}}
        assert await ask(CANCEL, input={"id": "mailing_1"}) == {"cancelMailing": {"status": "CANCELLED"}}
        # And told of its mistakes
        with pytest.raises(TransportQueryError) as refused:
            await ask(count, first=0)
        assert [error["extensions"] for error in refused.value.errors or []] == [
            {"code": "BAD_USER_INPUT", "argument": "first"}
        ]


@pytest.mark.parametrize("transport", [_websockets, _aiohttp_websockets])
async def test_subscriptions(api: Api, sql: Sql, transport: Callable[[str], AsyncTransport]) -> None:
    await add_mailing("RUNNING")
    statuses = []
    async with Client(transport=transport(api.address)) as session:
        async for result in session.subscribe(GraphQLRequest(PROGRESS, variable_values={"id": "mailing_1"})):
            statuses.append(result["mailingProgress"]["mailing"]["status"])
            if len(statuses) == 1:
                await session.execute(GraphQLRequest(CANCEL, variable_values={"input": {"id": "mailing_1"}}))

    assert statuses == ["RUNNING", "CANCELLED"]


async def test_its_sessions_live_on_after_a_mistake_in_a_document(api: Api) -> None:
    async with Client(transport=_websockets(api.address)) as session:
        with pytest.raises(TransportQueryError):
            await session.execute(gql("{ nothing }"))
        assert await session.execute(gql("{ __typename }")) == {"__typename": "Query"}
