"""`explain`."""

import pytest

from mailing.clients.service import delete_client
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing, add_messages

EXPLAIN = """
query ($client: ID!, $mailing: ID!) {
  explain(clientId: $client, mailingId: $mailing) {
    outcome cause text decidedAt earliestAt tries nextTryAt
    client { id } mailing { id } message { id }
    filterThen { filter { operatorCodes tags } operatorCode tag matches }
    filterNow { matches }
    window { window { opensAt } timezone isOpen closesAt }
    providerHealth { breaker }
  }
}
"""


async def test_a_message_that_was_sent_is_explained_with_its_tries(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("RUNNING"), "SENT")
    await sql("UPDATE message SET sent_at = '2030-01-31T12:00:03Z'")
    await sql("INSERT INTO delivery_attempt (message_id, number, started_at, outcome) VALUES (1, 1, now(), 'ACCEPTED')")

    data = await api.ask(EXPLAIN, client="client_1", mailing="mailing_1")

    assert data["explain"] == {
        "outcome": "SENT",
        "cause": "ACCEPTED",
        "text": "Sent: the provider accepted it on 2030-01-31 15:00 in Europe/Moscow.",
        "decidedAt": "2030-01-31T12:00:03Z",
        "earliestAt": None,
        "tries": 1,
        "nextTryAt": None,
        "client": {"id": "client_1"},
        "mailing": {"id": "mailing_1"},
        "message": {"id": "message_1"},
        "filterThen": {
            "filter": {"operatorCodes": ["916"], "tags": []},
            "operatorCode": "916",
            "tag": "vip",
            "matches": True,
        },
        "filterNow": {"matches": True},
        "window": {"window": None, "timezone": "Europe/Moscow", "isOpen": True, "closesAt": None},
        "providerHealth": {"breaker": "CLOSED"},
    }


async def test_of_a_deleted_client_what_is_left_is_told(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("RUNNING"))
    await delete_client(1)

    told = (await api.ask(EXPLAIN, client="client_1", mailing="mailing_1"))["explain"]

    assert (told["outcome"], told["cause"], told["client"]) == ("NOT_SENT", "CLIENT_DELETED", None)
    assert (told["filterThen"]["tag"], told["filterNow"]) == ("vip", None)


@pytest.mark.parametrize(
    ("client", "mailing"),
    [("client_7", "mailing_1"), ("client_1", "mailing_7"), ("mailing_1", "client_1"), ("", "x")],
)
async def test_ids_that_never_named_anything_are_not_explained(api: Api, sql: Sql, client: str, mailing: str) -> None:
    await add_clients(sql, 1)
    await add_mailing()

    assert await api.ask(EXPLAIN, client=client, mailing=mailing) == {"explain": None}
