"""Public clients, each with the same scenario: see scenario.mjs."""

import pytest

from tests.conformance.node import node
from tests.gql_api.api import Api

CLIENT = {"__typename": "Client", "id": "client_1"}
SEEN = {
    "created": {"createClient": CLIENT | {"phone": "79161234567"}},
    "again": {"createClient": {"__typename": "PhoneAlreadyRegistered", "message": "Another client has this phone."}},
    "listed": {"clients": {"__typename": "ClientConnection", "totalCount": 1, "nodes": [CLIENT]}},
    "mistake": ["BAD_USER_INPUT"],
    "states": ["SCHEDULED", "CANCELLED"],
    "cancelled": {"cancelMailing": {"__typename": "Mailing", "status": "CANCELLED"}},
    "missing": ["NOT_FOUND"],
}


@pytest.mark.parametrize(
    "client",
    ["graphql-ws", "graphql-sse", "urql over HTTP", "urql over GET", "urql over WebSocket", "Apollo over HTTP",
     "Apollo over WebSocket"],
)  # fmt: skip
async def test_a_client_manages_queries_mutations_and_subscriptions(api: Api, client: str) -> None:
    assert await node("clients.mjs", client, api.address) == SEEN
