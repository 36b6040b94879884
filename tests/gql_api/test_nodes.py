import pytest

from mailing.access_tokens.service import COMMAND_LINE, create_token
from mailing.access_tokens.validation import NewToken
from mailing.roles import Role
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing, add_messages

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


@pytest.mark.parametrize(("id", "type"), [("client_1", "Client"), ("mailing_1", "Mailing"), ("message_1", "Message")])
async def test_an_id_leads_to_what_it_names(api: Api, sql: Sql, id: str, type: str) -> None:
    await add_clients(sql, 1)
    await add_messages(sql, await add_mailing())

    assert await api.ask(NODE, id=id) == {"node": {"__typename": type, "id": id}}


@pytest.mark.parametrize(
    "id", ["client_2", "mailing_2", "message_2", "token_1", "node_1", "1", "", "client_", "x" * 100_000]
)
async def test_an_id_that_names_nothing_leads_to_null(api: Api, sql: Sql, id: str) -> None:
    await add_clients(sql, 1)
    await add_messages(sql, await add_mailing())
    await create_token(NewToken("seen by admins only", Role.VIEWER, None), COMMAND_LINE)

    assert await api.ask(NODE, id=id) == {"node": None}
