import pytest

from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing, add_messages

LIST = """
query ($statuses: [MailingStatus!]) { mailings(statuses: $statuses) { nodes { id } totalCount } }
"""


@pytest.mark.parametrize(
    ("statuses", "ids"),
    [
        (None, [1, 2, 3]),
        ([], [1, 2, 3]),
        (["RUNNING"], [2]),
        (["FINISHED", "SCHEDULED", "FINISHED"], [1, 3]),
        (["PAUSED"], []),
    ],
)
async def test_mailings_are_listed_by_status(api: Api, statuses: list[str] | None, ids: list[int]) -> None:
    for status in ("SCHEDULED", "RUNNING", "FINISHED"):
        await add_mailing(status)

    assert await api.ask(LIST, statuses=statuses) == {
        "mailings": {"nodes": [{"id": f"mailing_{id}"} for id in ids], "totalCount": len(ids)}
    }


async def test_messages_are_listed_by_where_they_stand_once_the_mailing_is_closed(api: Api, sql: Sql) -> None:
    await add_clients(sql, 2)
    await add_messages(sql, await add_mailing("FINISHED", closed_as="EXPIRED"))
    await sql("UPDATE message SET uncertain = true WHERE client_id = 2")

    data = await api.ask(
        """
        { mailing(id: "mailing_1") {
            pending: messages(statuses: [PENDING]) { totalCount nodes { id } }
            expired: messages(statuses: [EXPIRED]) { totalCount nodes { status client { id } } }
            unconfirmed: messages(statuses: [UNCONFIRMED, SENT]) { totalCount nodes { status client { id } } }
        } }
        """
    )

    assert data["mailing"] == {
        "pending": {"totalCount": 0, "nodes": []},
        "expired": {"totalCount": 1, "nodes": [{"status": "EXPIRED", "client": {"id": "client_1"}}]},
        "unconfirmed": {"totalCount": 1, "nodes": [{"status": "UNCONFIRMED", "client": {"id": "client_2"}}]},
    }


async def test_progress_and_statistics_agree(api: Api, sql: Sql) -> None:
    await add_clients(sql, 3)
    await add_messages(sql, await add_mailing("RUNNING"))
    await sql("UPDATE message SET status = 'FAILED', reason = 'refused' WHERE client_id = 3")

    data = await api.ask(
        """
        { mailing(id: "mailing_1") {
            progress { total pending sending sent failed expired unconfirmed cancelled messagesPerSecond
                       estimatedFinishAt mailing { id } }
            statistics { total byStatus { status count } byOperatorCode { value total }
                         byTag { value total byStatus { status count } } byTimezone { value total }
                         failures { reason count } }
        } }
        """
    )

    by_status = [
        {"status": status, "count": {"PENDING": 2, "FAILED": 1}.get(status, 0)}
        for status in ("PENDING", "SENDING", "SENT", "FAILED", "EXPIRED", "UNCONFIRMED", "CANCELLED")
    ]
    assert data["mailing"] == {
        "progress": {
            "total": 3, "pending": 2, "sending": 0, "sent": 0, "failed": 1, "expired": 0, "unconfirmed": 0,
            "cancelled": 0, "messagesPerSecond": 0.0, "estimatedFinishAt": None, "mailing": {"id": "mailing_1"},
        },
        "statistics": {
            "total": 3,
            "byStatus": by_status,
            "byOperatorCode": [{"value": "916", "total": 3}],
            "byTag": [{"value": "vip", "total": 3, "byStatus": by_status}],
            "byTimezone": [{"value": "Europe/Moscow", "total": 3}],
            "failures": [{"reason": "refused", "count": 1}],
        },
    }  # fmt: skip


GROUPS = 'query ($n: Int) { mailing(id: "mailing_1") { statistics { byTag(first: $n) { value } } } }'


@pytest.mark.parametrize(
    ("first", "tags"), [(1, ["a"]), (2, ["a", "b"]), (1_000, ["a", "b", "c"]), (None, ["a", "b", "c"])]
)
async def test_no_more_groups_come_than_are_asked_for(api: Api, sql: Sql, first: int | None, tags: list[str]) -> None:
    await add_clients(sql, 6)
    await sql("UPDATE client SET tag = (ARRAY['a', 'a', 'a', 'b', 'b', 'c'])[id]")
    await add_messages(sql, await add_mailing("RUNNING"))

    data = await api.ask(GROUPS, n=first)

    assert [group["value"] for group in data["mailing"]["statistics"]["byTag"]] == tags


@pytest.mark.parametrize("first", [0, -1, 1_001])
async def test_how_many_groups_may_be_asked_for_is_told(api: Api, first: int) -> None:
    await add_mailing()

    assert await api.errors(GROUPS, n=first) == [
        {
            "message": f"first: must be 1 to 1,000; given: {first}",
            "extensions": {"code": "BAD_USER_INPUT", "argument": "first"},
        }
    ]


async def test_the_list_at_its_bound_with_all_that_hangs_on_it_takes_a_query_a_kind(
    api: Api, sql: Sql, statements: list[str]
) -> None:
    await add_clients(sql, 2)
    for _ in range(100):
        await add_messages(sql, await add_mailing("RUNNING"))
    statements.clear()

    data = await api.ask(
        """
        { mailings(first: 100) { totalCount nodes {
            progress { total mailing { id } } statistics { total }
            messages(statuses: [PENDING, SENT], first: 2) { totalCount
              nodes { client { phone } mailing { text } attempts { outcome } } }
            sent: messages(statuses: [SENT], first: 1) { nodes { id } }
        } } }
        """
    )

    nodes = data["mailings"]["nodes"]
    assert len(nodes) == 100 == data["mailings"]["totalCount"]
    assert all(node["progress"]["total"] == 2 == len(node["messages"]["nodes"]) for node in nodes)
    # The page and its count; progress and its mailings; statistics; two kinds of messages and one count of them;
    # the messages' clients, mailings and attempts.
    assert len(statements) == 11, "\n".join(statements)


async def test_a_cursor_of_another_mailing_is_refused(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    for _ in range(2):
        await add_messages(sql, await add_mailing())
    page = "query ($id: ID!, $after: String) { mailing(id: $id) { messages(after: $after) { edges { cursor } } } }"

    data = await api.ask(page, id="mailing_1")
    cursor = data["mailing"]["messages"]["edges"][0]["cursor"]

    assert await api.ask(page, id="mailing_1", after=cursor) == {"mailing": {"messages": {"edges": []}}}
    assert [error["message"] for error in await api.errors(page, id="mailing_2", after=cursor)] == [
        "after: is a cursor of another list (mailing_1.messages), not of mailing_2.messages"
    ]


@pytest.mark.parametrize(
    ("search", "statuses", "ids"),
    [
        ("скидка", None, [1, 2]),
        ("СКИДКА", ["RUNNING"], [2]),
        (" 100% ", None, [1]),
        ("0%", None, [1]),
        ("%", None, [1]),
        ("_", None, []),
        ("mailing_3", None, [3]),
        ("3", None, [2, 3]),
        ("mailing_03", None, []),
        ("client_3", None, []),
        ("99999999999999999999", None, []),
        ("", None, [1, 2, 3]),
    ],
)
async def test_mailings_are_found_by_their_text_and_by_their_id(
    api: Api, sql: Sql, search: str, statuses: list[str] | None, ids: list[int]
) -> None:
    for text, status in (("Скидка 100%", "SCHEDULED"), ("Ваша СКИДКА: 3 рубля", "RUNNING"), ("Hello", "RUNNING")):
        await sql("UPDATE mailing SET text = $1 WHERE id = $2", text, await add_mailing(status))

    data = await api.ask(
        """
        query ($search: String, $statuses: [MailingStatus!]) {
          mailings(search: $search, statuses: $statuses) { nodes { id } totalCount }
        }
        """,
        search=search,
        statuses=statuses,
    )

    assert data == {"mailings": {"nodes": [{"id": f"mailing_{id}"} for id in ids], "totalCount": len(ids)}}
