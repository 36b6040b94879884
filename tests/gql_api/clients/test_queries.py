import pytest

from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing, add_messages

LIST = """
query ($filter: MailingFilterInput) { clients(filter: $filter) { nodes { id } totalCount } }
"""


@pytest.mark.parametrize(
    ("filter", "ids"),
    [
        (None, [1, 2, 3, 4]),
        ({}, [1, 2, 3, 4]),
        ({"operatorCodes": [], "tags": None}, [1, 2, 3, 4]),
        ({"operatorCodes": ["916"]}, [1, 2]),
        ({"operatorCodes": ["916", "926"]}, [1, 2, 3, 4]),
        ({"tags": ["a"]}, [1, 3]),
        ({"tags": [""]}, [4]),
        ({"operatorCodes": ["926"], "tags": ["a", "b"]}, [3]),
        ({"operatorCodes": ["1"]}, []),
    ],
)
async def test_clients_are_chosen_as_a_mailing_would_choose_them(
    api: Api, sql: Sql, filter: dict[str, object] | None, ids: list[int]
) -> None:
    await sql(
        """
        INSERT INTO client (phone, operator_code, tag, timezone) VALUES
        (79160000001, '916', 'a', 'UTC'), (79160000002, '916', 'b', 'UTC'),
        (79260000003, '926', 'a', 'UTC'), (79260000004, '926', '', 'UTC')
        """
    )

    assert await api.ask(LIST, filter=filter) == {
        "clients": {"nodes": [{"id": f"client_{id}"} for id in ids], "totalCount": len(ids)}
    }


async def test_a_filter_that_nothing_can_match_is_refused_with_all_that_is_wrong(api: Api) -> None:
    code = 'must be 1 to 8 digits, such as 916; given: "x"'
    tag = 'must not hold control characters; given: "\\u0000"'

    assert await api.errors(LIST, filter={"operatorCodes": ["x"], "tags": ["ok", "\0"]}) == [
        {
            "message": f"filter.operatorCodes.0: {code}; filter.tags.1: {tag}",
            "extensions": {
                "code": "BAD_USER_INPUT",
                "argument": "filter",
                "problems": [
                    {
                        "path": ["filter", "operatorCodes", "0"],
                        "message": code,
                        "code": "NOT_AN_OPERATOR_CODE",
                        "limit": 8,
                    },
                    {"path": ["filter", "tags", "1"], "message": tag, "code": "FORBIDDEN_CHARACTERS", "limit": None},
                ],
            },
        }
    ]


async def test_a_client_has_the_messages_of_all_mailings(api: Api, sql: Sql) -> None:
    await add_clients(sql, 2)
    await add_messages(sql, await add_mailing("RUNNING"), "SENT")
    await add_messages(sql, await add_mailing("FINISHED", closed_as="EXPIRED"))

    data = await api.ask(
        """
        { client(id: "client_2") { messages(last: 1) {
            nodes { id status mailing { id } client { id } } totalCount pageInfo { hasPreviousPage } } } }
        """
    )

    assert data["client"]["messages"] == {
        "nodes": [
            {"id": "message_4", "status": "EXPIRED", "mailing": {"id": "mailing_2"}, "client": {"id": "client_2"}}
        ],
        "totalCount": 2,
        "pageInfo": {"hasPreviousPage": True},
    }


async def test_the_list_at_its_bound_with_all_that_hangs_on_it_takes_a_query_a_kind(
    api: Api, sql: Sql, statements: list[str]
) -> None:
    await add_clients(sql, 100)
    for _ in range(2):
        await add_messages(sql, await add_mailing("RUNNING"))
    statements.clear()

    data = await api.ask(
        """
        { clients(first: 100) { nodes { id phone messages(first: 2) {
            totalCount nodes { status mailing { text } client { id } attempts { number } } } } } }
        """
    )

    nodes = data["clients"]["nodes"]
    assert len(nodes) == 100
    assert all(len(node["messages"]["nodes"]) == 2 == node["messages"]["totalCount"] for node in nodes)
    # The page; the messages; their number; their mailings; their clients; their attempts.
    assert len(statements) == 6, "\n".join(statements)


async def test_what_is_not_asked_for_is_not_counted(api: Api, sql: Sql, statements: list[str]) -> None:
    await add_clients(sql, 3)
    statements.clear()

    await api.ask("{ clients { nodes { id } pageInfo { hasNextPage } } }")

    assert len(statements) == 1


async def test_how_many_messages_the_deletion_of_a_client_would_cancel_can_be_asked(api: Api, sql: Sql) -> None:
    # Given a client with messages that wait, are being sent, were sent, and waited when their mailings ended
    await add_clients(sql, 2)
    for status, closed_as, stored in (
        ("RUNNING", None, "PENDING"),
        ("RUNNING", None, "SENDING"),
        ("RUNNING", None, "SENT"),
        ("FINISHED", "EXPIRED", "PENDING"),
        ("PAUSED", None, "PENDING"),
    ):
        await add_messages(sql, await add_mailing(status, closed_as=closed_as), stored)
    # When they are asked for by where they stand
    data = await api.ask(
        """
        { clients { nodes {
            waiting: messages(statuses: [PENDING, SENDING], first: 2) { totalCount nodes { id } }
            expired: messages(statuses: [EXPIRED]) { totalCount nodes { status } }
            none: messages(statuses: [FAILED]) { totalCount nodes { id } }
            all: messages(statuses: []) { totalCount }
        } } }
        """
    )
    # Then each counts by what it has become
    assert data["clients"]["nodes"] == [
        {
            "waiting": {"totalCount": 3, "nodes": [{"id": f"message_{id}"} for id in waiting]},
            "expired": {"totalCount": 1, "nodes": [{"status": "EXPIRED"}]},
            "none": {"totalCount": 0, "nodes": []},
            "all": {"totalCount": 5},
        }
        for waiting in ([1, 3], [2, 4])
    ]
