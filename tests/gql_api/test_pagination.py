from base64 import urlsafe_b64encode

import pytest

from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients

PAGE = """
query ($first: Int, $after: String, $last: Int, $before: String) {
  clients(first: $first, after: $after, last: $last, before: $before) {
    nodes { id } edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}
"""


async def test_pages_lead_through_the_whole_list_and_back(api: Api, sql: Sql) -> None:
    await add_clients(sql, 5)

    first = (await api.ask(PAGE, first=2))["clients"]
    second = (await api.ask(PAGE, first=2, after=first["pageInfo"]["endCursor"]))["clients"]
    third = (await api.ask(PAGE, first=2, after=second["pageInfo"]["endCursor"]))["clients"]
    back = (await api.ask(PAGE, last=2, before=third["pageInfo"]["startCursor"]))["clients"]

    assert [node["id"] for page in (first, second, third) for node in page["nodes"]] == [
        "client_1", "client_2", "client_3", "client_4", "client_5",
    ]  # fmt: skip
    assert [edge["node"] for edge in second["edges"]] == second["nodes"]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second, third)] == [True, True, False]
    assert [page["pageInfo"]["hasPreviousPage"] for page in (first, second, third)] == [False, True, True]
    assert back["nodes"] == second["nodes"]
    assert [page["totalCount"] for page in (first, second, third, back)] == [5, 5, 5, 5]


async def test_an_empty_list_is_an_empty_page(api: Api) -> None:
    assert await api.ask(PAGE) == {
        "clients": {
            "nodes": [],
            "edges": [],
            "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
            "totalCount": 0,
        }
    }


async def test_a_row_that_goes_does_not_shift_the_pages(api: Api, sql: Sql) -> None:
    await add_clients(sql, 4)
    first = (await api.ask(PAGE, first=2))["clients"]

    await sql("DELETE FROM client WHERE id = 2")
    second = (await api.ask(PAGE, first=2, after=first["pageInfo"]["endCursor"]))["clients"]

    assert second["nodes"] == [{"id": "client_3"}, {"id": "client_4"}]


async def test_without_first_and_last_fifty_come_and_at_most_a_hundred(api: Api, sql: Sql) -> None:
    await add_clients(sql, 101)

    assert len((await api.ask(PAGE))["clients"]["nodes"]) == 50
    assert len((await api.ask(PAGE, first=None, last=None, after=None))["clients"]["nodes"]) == 50
    assert len((await api.ask(PAGE, first=100))["clients"]["nodes"]) == 100
    assert (await api.ask(PAGE, last=1))["clients"]["nodes"] == [{"id": "client_101"}]


def _cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


NOT_GIVEN_OUT = "must be a cursor that this list has given out"


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        ({"first": 0}, "first", "must be 1 to 100; given: 0"),
        ({"first": 101}, "first", "must be 1 to 100; given: 101"),
        ({"first": -1}, "first", "must be 1 to 100; given: -1"),
        ({"last": 10_000}, "last", "must be 1 to 100; given: 10000"),
        ({"first": 1, "last": 1}, "last", "cannot be combined with first; ask for one of them"),
        ({"after": ""}, "after", NOT_GIVEN_OUT),
        ({"after": "5"}, "after", NOT_GIVEN_OUT),
        ({"before": "не курсор"}, "before", NOT_GIVEN_OUT),
        ({"before": "A" * 10_000}, "before", NOT_GIVEN_OUT),
        ({"after": _cursor("clients:-1")}, "after", NOT_GIVEN_OUT),
        ({"after": _cursor("clients:1e3")}, "after", NOT_GIVEN_OUT),
        ({"after": _cursor("clients:" + "9" * 30)}, "after", NOT_GIVEN_OUT),
        ({"after": _cursor("mailings:5")}, "after", "is a cursor of another list (mailings), not of clients"),
    ],
)
async def test_an_argument_out_of_bounds_is_refused_with_the_bounds(
    api: Api, arguments: dict[str, object], argument: str, message: str
) -> None:
    assert await api.errors(PAGE, **arguments) == [
        {"message": f"{argument}: {message}", "extensions": {"code": "BAD_USER_INPUT", "argument": argument}}
    ]
