import pytest

from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing, add_messages

MESSAGE = """
query ($id: ID!) {
  message(id: $id) {
    id status reason sentAt mailing { id } client { id phone }
    attempts { number startedAt durationMs outcome httpStatus providerCode response spent }
  }
}
"""


async def test_a_message_tells_of_every_request_for_it(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("RUNNING"), "SENT")
    await sql("UPDATE message SET sent_at = '2030-01-31T12:00:03Z'")
    await sql(
        """
        INSERT INTO delivery_attempt
            (message_id, number, started_at, duration_ms, outcome, http_status, code, excerpt, spent)
        VALUES (1, 2, '2030-01-31T12:00:02Z', 15, 'ACCEPTED', 200, 0, '{"code": 0}', true),
               (1, 2, '2030-01-31T12:00:01.7Z', 3, 'DEFERRED', 503, NULL, 'try later', false),
               (1, 1, '2030-01-31T12:00:01.5Z', NULL, 'LOST', NULL, NULL, NULL, true)
        """
    )

    data = await api.ask(MESSAGE, id="message_1")

    lost = {"number": 1, "startedAt": "2030-01-31T12:00:01.500000Z", "durationMs": None, "outcome": "LOST"}
    probe = {"number": 2, "startedAt": "2030-01-31T12:00:01.700000Z", "durationMs": 3, "outcome": "DEFERRED"}
    accepted = {"number": 2, "startedAt": "2030-01-31T12:00:02Z", "durationMs": 15, "outcome": "ACCEPTED"}
    assert data["message"] == {
        "id": "message_1",
        "status": "SENT",
        "reason": None,
        "sentAt": "2030-01-31T12:00:03Z",
        "mailing": {"id": "mailing_1"},
        "client": {"id": "client_1", "phone": "79160000001"},
        "attempts": [
            lost | {"httpStatus": None, "providerCode": None, "response": None, "spent": True},
            probe | {"httpStatus": 503, "providerCode": None, "response": "try later", "spent": False},
            accepted | {"httpStatus": 200, "providerCode": 0, "response": '{"code": 0}', "spent": True},
        ],
    }


@pytest.mark.parametrize("id", ["message_2", "client_1", "1001", "message_"])
async def test_an_id_that_names_no_message_leads_to_null(api: Api, sql: Sql, id: str) -> None:
    await add_clients(sql, 1)
    await add_messages(sql, await add_mailing())

    assert await api.ask(MESSAGE, id=id) == {"message": None}
