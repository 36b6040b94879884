import pytest

from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing, add_messages

STATISTICS = """
query ($from: DateTime, $to: DateTime) {
  statistics(from: $from, to: $to) {
    mailings messages byMailingStatus { status count } byMessageStatus { status count }
  }
}
"""


async def test_overall_statistics_count_mailings_and_messages_by_status(
    api: Api, sql: Sql, statements: list[str]
) -> None:
    await add_clients(sql, 2)
    await add_messages(sql, await add_mailing("RUNNING"), "SENT")
    await add_messages(sql, await add_mailing("FINISHED", closed_as="EXPIRED"))
    statements.clear()

    data = await api.ask(STATISTICS)

    assert data["statistics"] == {
        "mailings": 2,
        "messages": 4,
        "byMailingStatus": [
            {"status": status, "count": {"RUNNING": 1, "FINISHED": 1}.get(status, 0)}
            for status in ("SCHEDULED", "RUNNING", "PAUSED", "FINISHED", "CANCELLED")
        ],
        "byMessageStatus": [
            {"status": status, "count": {"SENT": 2, "EXPIRED": 2}.get(status, 0)}
            for status in ("PENDING", "SENDING", "SENT", "FAILED", "EXPIRED", "UNCONFIRMED", "CANCELLED")
        ],
    }
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("period", "mailings"),
    [
        ({"from": "2030-01-31T12:00:00Z"}, 1),
        ({"from": "2030-01-31T15:00:00.000001+03:00"}, 0),
        ({"to": "2030-01-31T12:00:00Z"}, 0),
        ({"from": None, "to": "2030-01-31T12:00:01Z"}, 1),
    ],
)
async def test_a_period_takes_the_mailings_that_start_in_it(
    api: Api, period: dict[str, str | None], mailings: int
) -> None:
    await add_mailing()

    assert (await api.ask(STATISTICS, **period))["statistics"]["mailings"] == mailings


async def test_a_period_that_is_no_moment_is_refused(api: Api) -> None:
    assert await api.errors(STATISTICS, **{"from": "yesterday"}) == [
        {
            "message": "from: must be ISO 8601 with an offset, such as 2030-01-31T09:00:00+03:00 or …Z; "
            'given: "yesterday"',
            "extensions": {"code": "BAD_USER_INPUT", "argument": "from"},
        }
    ]


async def test_a_period_that_ends_before_it_begins_is_refused(api: Api) -> None:
    backwards = {"from": "2030-01-31T12:00:00+03:00", "to": "2030-01-31T08:59:59Z"}

    assert await api.errors(STATISTICS, **backwards) == [
        {
            "message": "to: must not be before from; from: 2030-01-31T09:00:00+00:00, to: 2030-01-31T08:59:59+00:00",
            "extensions": {"code": "BAD_USER_INPUT", "argument": "to"},
        }
    ]


async def test_a_period_of_no_length_holds_nothing(api: Api) -> None:
    await add_mailing()

    empty = {"from": "2030-01-31T12:00:00Z", "to": "2030-01-31T15:00:00+03:00"}
    assert (await api.ask(STATISTICS, **empty))["statistics"]["mailings"] == 0
