import pytest

from tests.conftest import Sql
from tests.gql_api.api import Api

LIST = """
query ($search: String, $filter: MailingFilterInput, $first: Int, $after: String, $last: Int, $before: String) {
  clients(search: $search, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    nodes { id } totalCount pageInfo { hasNextPage endCursor }
  }
}
"""


@pytest.fixture
async def _clients(sql: Sql) -> None:
    await sql(
        """
        INSERT INTO client (phone, operator_code, tag, timezone) VALUES
        (79161234567, '916', 'Должники', 'UTC'), (79160004567, '916', 'должники 2', 'UTC'),
        (79267916123, '926', '916', 'UTC'), (74951234568, '495', '100%_\\', 'UTC'), (78916000000, '891', '', 'UTC')
        """
    )


@pytest.mark.usefixtures("_clients")
@pytest.mark.parametrize(
    ("search", "ids"),
    [
        (None, [1, 2, 3, 4, 5]),
        ("", [1, 2, 3, 4, 5]),
        (" \t", [1, 2, 3, 4, 5]),
        ("+7 916 123-45-67", [1]),
        ("8 (916) 123-45-67", [1]),
        ("9161234567", [1]),
        ("4567", [1, 2]),
        ("04567", [2]),
        ("567", []),
        ("495", [4]),
        # The beginning of a phone, or a tag.
        ("916", [1, 2, 3]),
        # The 8 that is dialled for the country's 7, or a number that begins so.
        ("8916", [1, 2, 5]),
        # The end of a phone.
        ("7916123", [1, 3]),
        ("ДОЛЖ", [1, 2]),
        ("  долж ", [1, 2]),
        ("ники 2", [2]),
        ("%", [4]),
        ("0%_\\", [4]),
        (".", []),
        ("nobody", []),
    ],
)
async def test_clients_are_found_by_phone_and_by_tag(api: Api, search: str | None, ids: list[int]) -> None:
    found = (await api.ask(LIST, search=search))["clients"]

    assert found == {
        "nodes": [{"id": f"client_{id}"} for id in ids],
        "totalCount": len(ids),
        "pageInfo": {"hasNextPage": False, "endCursor": found["pageInfo"]["endCursor"]},
    }


@pytest.mark.usefixtures("_clients")
@pytest.mark.parametrize(
    ("search", "filter", "ids"),
    [
        ("916", {"operatorCodes": ["916"]}, [1, 2]),
        ("долж", {"tags": ["Должники", ""]}, [1]),
        ("4567", {"tags": ["Должники", ""]}, [1]),
        ("долж", {"operatorCodes": ["926"]}, []),
    ],
)
async def test_of_those_whom_a_filter_chooses_those_are_found_whom_the_search_means(
    api: Api, search: str, filter: dict[str, object], ids: list[int]
) -> None:
    found = (await api.ask(LIST, search=search, filter=filter))["clients"]

    assert found["nodes"] == [{"id": f"client_{id}"} for id in ids]
    assert found["totalCount"] == len(ids)


@pytest.mark.parametrize("tags", [1, 40, 1001])
@pytest.mark.parametrize("few_phones", [10, 20_000])
async def test_pages_of_what_is_found_follow_each_other_in_both_directions(
    api: Api, sql: Sql, tags: int, few_phones: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailing.clients.page_queries.FEW_PHONES", few_phones)
    # Given clients of whom each is found by the tag, and every second one by the phone, too
    await sql(
        """
        INSERT INTO client (phone, operator_code, tag, timezone)
        SELECT 79000000000 + n, '900', '900' || n % $1, 'UTC' FROM generate_series(1, 1010) n
        UNION ALL SELECT 79010000000, '901', 'other', 'UTC'
        """,
        tags,
    )
    # When pages are asked for from both ends
    first = (await api.ask(LIST, search="900", first=100))["clients"]
    second = (await api.ask(LIST, search="900", first=2, after=first["pageInfo"]["endCursor"]))["clients"]
    last = (await api.ask(LIST, search="900", last=3))["clients"]
    # Then nobody is on two of them, and nobody is left out
    assert [node["id"] for node in first["nodes"]] == [f"client_{n}" for n in range(1, 101)]
    assert [node["id"] for node in second["nodes"]] == ["client_101", "client_102"]
    assert [node["id"] for node in last["nodes"]] == ["client_1008", "client_1009", "client_1010"]
    assert [page["totalCount"] for page in (first, second, last)] == [1010] * 3
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second, last)] == [True, True, False]


@pytest.mark.usefixtures("_clients")
@pytest.mark.parametrize(
    ("search", "filter", "cost"),
    [
        (None, None, ["page", "number"]),
        (None, {"tags": ["916"]}, ["page", "number"]),
        (None, {"operatorCodes": ["926"], "tags": ["916"]}, ["plan", "page", "number"]),
        ("nobody", None, ["tags", "number"]),
        ("долж", None, ["tags", "page", "number"]),
        ("+7916 123", {"tags": ["916"]}, ["tags", "plan", "page", "tags", "plan", "number"]),
        ("916", {"tags": ["916"]}, ["how many phones", "tags", "plan", "page", "tags", "plan", "number"]),
    ],
)
async def test_a_search_costs_a_statement_for_the_tags_that_it_finds(
    api: Api, statements: list[str], search: str | None, filter: dict[str, object] | None, cost: list[str]
) -> None:
    statements.clear()

    await api.ask(LIST, search=search, filter=filter)

    assert len(statements) == len(cost), "\n".join(statements)


@pytest.mark.parametrize(
    ("search", "message"),
    [
        ("x" * 101, "search: must be at most 100 characters; given: 101"),
        ("a\0b", "search: must not hold NUL or half a surrogate pair"),
    ],
)
async def test_what_cannot_be_looked_for_is_refused(api: Api, search: str, message: str) -> None:
    for query in (LIST, "query ($search: String) { mailings(search: $search) { nodes { id } } }"):
        assert await api.errors(query, search=search) == [
            {"message": message, "extensions": {"code": "BAD_USER_INPUT", "argument": "search"}}
        ]
