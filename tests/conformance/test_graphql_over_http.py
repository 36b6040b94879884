from tests.conformance.node import node
from tests.gql_api.api import Api


async def test_every_audit_of_graphql_http_passes(api: Api) -> None:
    assert await node("audits.mjs", api.address) == {"passed": 61, "failed": []}
