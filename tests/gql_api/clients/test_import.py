"""`importClients`: a file of clients, piece by piece."""

import asyncio
import io
import json
import logging
from typing import Any

import pytest
from structlog.testing import capture_logs

from mailing.clients.import_piece import MAX_CHARACTERS, MAX_REJECTIONS, MAX_ROWS
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing, add_messages

IMPORT = """
mutation Import($input: ImportClientsInput!, $first: Int) {
  importClients(input: $input) {
    __typename
    ... on ClientsImported {
      rows created updated unchanged superseded rejected
      problems(first: $first) { line column value message code limit }
    }
    ... on InvalidInput { problems { path message code limit } }
  }
}
"""
HEADER = "phone,operator_code,tag,timezone\n"
NONE = {"created": 0, "updated": 0, "unchanged": 0, "superseded": 0, "rejected": 0}


async def _import(api: Api, csv: str, *, first: int | None = None, **more: object) -> dict[str, Any]:
    data = await api.ask(IMPORT, input={"csv": csv} | more, first=first)
    answer: dict[str, Any] = data["importClients"]
    return answer


async def test_rows_are_taken_counted_and_their_problems_told(api: Api, sql: Sql) -> None:
    # Given clients 79160000001 and 79160000002, both "vip" by the clock of Moscow
    await add_clients(sql, 2)
    rows = [
        "79160000001,916,vip,Europe/Moscow",
        "79160000002,916,vip,Asia/Omsk",
        "79030000003,,,UTC",
        "79030000003,,a,UTC",
        f"7,916,{'x' * 101},UTC",
        "79160000001,vip",
    ]

    # When they come as lines 5,001 and following of a file
    answer = await _import(api, HEADER + "\n".join(rows), firstLine=5_001)

    # Then
    assert answer == {
        "__typename": "ClientsImported",
        "rows": 6,
        "created": 1,
        "updated": 1,
        "unchanged": 1,
        "superseded": 1,
        "rejected": 2,
        "problems": [
            {
                "line": 5_005,
                "column": "phone",
                "value": "7",
                "message": 'must be 7 and ten digits, such as 79161234567; given: "7"',
                "code": "NOT_A_PHONE",
                "limit": None,
            },
            {
                "line": 5_005,
                "column": "tag",
                "value": "x" * 101,
                "message": "must be at most 100 characters; given: 101",
                "code": "TOO_LONG",
                "limit": 100,
            },
            {
                "line": 5_006,
                "column": None,
                "value": None,
                "message": "has 2 fields where the header has 4",
                "code": "WRONG_FIELD_COUNT",
                "limit": 4,
            },
        ],
    }
    clients = await sql("SELECT phone, tag, timezone FROM client ORDER BY phone")
    assert [tuple(client.values()) for client in clients] == [
        (79030000003, "a", "UTC"),
        (79160000001, "vip", "Europe/Moscow"),
        (79160000002, "vip", "Asia/Omsk"),
    ]


async def test_what_cannot_be_used_at_all_is_a_fact_with_codes(api: Api, sql: Sql) -> None:
    assert await _import(api, "phone;timezone\n79161234567;UTC", firstLine=0) == {
        "__typename": "InvalidInput",
        "problems": [
            {
                "path": ["firstLine"],
                "message": "must be 1 to 2,000,000,000; given: 0",
                "code": "OUT_OF_RANGE",
                "limit": 2_000_000_000,
            }
        ],
    }
    assert (await _import(api, "phone;timezone\n79161234567;UTC"))["problems"] == [
        {
            "path": ["csv"],
            "message": 'its header lacks phone and timezone: "phone;timezone"; columns must be separated by commas',
            "code": "COLUMN_MISSING",
            "limit": None,
        }
    ]
    assert await sql("SELECT FROM client") == []


async def test_the_longest_piece_fits_into_a_request_also_in_a_script_of_three_bytes(api: Api) -> None:
    text = "phone,timezone\n"
    csv = text + "한" * (MAX_CHARACTERS - len(text))
    body = json.dumps({"query": IMPORT, "variables": {"input": {"csv": csv}}}, ensure_ascii=False).encode()

    headers = {"Content-Type": "application/json"}
    async with api.http.post(f"http://{api.address}/graphql", data=io.BytesIO(body), headers=headers) as response:
        answer = (await response.json())["data"]["importClients"]

    assert (answer["__typename"], answer["rejected"]) == ("ClientsImported", 1)


async def test_all_that_can_be_wrong_with_a_piece_is_told_within_the_limits_and_less_if_less_is_asked(api: Api) -> None:
    csv = HEADER + "1,x,\t,Mars\n" * MAX_ROWS

    everything = await _import(api, csv)
    assert (everything["rejected"], len(everything["problems"])) == (MAX_ROWS, MAX_REJECTIONS)

    some = await _import(api, csv, first=3)
    assert (some["rejected"], [problem["column"] for problem in some["problems"]]) == (
        MAX_ROWS,
        ["phone", "operator_code", "tag"],
    )


@pytest.mark.parametrize("first", [0, MAX_REJECTIONS + 1])
async def test_only_so_many_problems_can_be_asked_for(api: Api, first: int) -> None:
    assert await api.errors(IMPORT, input={"csv": HEADER}, first=first) == [
        {
            "message": f"first: must be 1 to {MAX_REJECTIONS:,}; given: {first}",
            "extensions": {"code": "BAD_USER_INPUT", "argument": "first"},
        }
    ]


async def test_a_piece_without_rows_is_no_mistake(api: Api) -> None:
    assert await _import(api, HEADER) == {"__typename": "ClientsImported", "rows": 0, **NONE, "problems": []}


async def test_pieces_that_come_at_once_wait_for_each_other(api: Api, sql: Sql) -> None:
    rows = [f"{79160000000 + n},UTC" for n in range(500)]
    orders = [rows, rows[::-1], rows[250:] + rows[:250], rows]

    answers = await asyncio.gather(*(_import(api, "phone,timezone\n" + "\n".join(order)) for order in orders))

    assert sorted((answer["created"], answer["unchanged"]) for answer in answers) == [(0, 500)] * 3 + [(500, 0)]
    assert await sql("SELECT count(*)::int AS n FROM client") == [{"n": 500}]


async def test_messages_on_their_way_and_the_timeline_know_of_an_import(api: Api, sql: Sql) -> None:
    await add_clients(sql, 1)
    await add_messages(sql, await add_mailing("RUNNING"))

    await _import(api, "phone,timezone\n79160000001,Asia/Tokyo")

    (message,) = await sql("SELECT timezone FROM message")
    assert message == {"timezone": "Asia/Tokyo"}
    data = await api.ask(
        '{ client(id: "client_1") { timeline { nodes { kind user operationId changes { field after } } } } }'
    )
    entry = data["client"]["timeline"]["nodes"][-1]
    assert entry["operationId"]
    assert entry | {"operationId": None} == {
        "kind": "CLIENT_EDITED",
        "user": "everyone",
        "operationId": None,
        "changes": [{"field": "timezone", "after": "Asia/Tokyo"}],
    }


async def test_no_value_of_a_file_gets_into_the_log(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "mailing")
    secrets = ["79161234567", "79031234567", "tag-of-somebody", "zone-of-somebody", "rest of a line"]
    csv = HEADER + ("79161234567,,tag-of-somebody,UTC\n79031234567,,tag-of-somebody,zone-of-somebody\nrest of a line\n")

    with capture_logs() as logs:
        await _import(api, csv)
        await _import(api, csv.replace("UTC", "Asia/Omsk"))
        await _import(api, csv.replace("phone", "tag-of-somebody"))
        await api.post(f'mutation {{ importClients(input: {{csv: "{secrets[0]}\\n{secrets[2]}"}}) {{ nonsense }} }}')

    everything = f"{logs} {caplog.text}"
    assert everything.count("clients.imported") == 2
    assert [secret for secret in secrets if secret in everything] == []
