"""What the log tells of each operation."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from gql_api.http.operation_log import MOST_IDS, ids_on_line
from tests.gql_api.api import Api

NEW_CLIENT = """mutation Add($input: CreateClientInput!) { createClient(input: $input) {
    ... on Client { id } ... on UserError { message } } }"""


def operations(logs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines of operations, without what no test can know."""
    found = [dict(line) for line in logs if line["event"] == "graphql.operation_executed"]
    for line in found:
        assert line.pop("duration_ms") >= 0
    return [
        {name: value for name, value in line.items() if value is not None and name not in ("event", "log_level")}
        for line in found
    ]


async def test_an_operation_is_one_line_that_says_what_it_was_about_and_how_it_ended(api: Api) -> None:
    # When one succeeds, one is refused with a fact, one fails, and one only asks
    with capture_logs() as logs:
        new = {"phone": "79001234567", "timezone": "Europe/Moscow"}
        added = await api.post(NEW_CLIENT, input=new)
        await api.post(NEW_CLIENT, input=new)
        await api.post("mutation Add { nonsense }")
        await api.post('query ($id: ID!) { client(id: $id) { id } mailing(id: "mailing_9") { id } }', id="client_77")

    # Then
    id = added["data"]["createClient"]["id"]
    assert operations(logs) == [
        {"operation": "Add", "kind": "mutation", "outcome": "done", "client_id": id},
        {"operation": "Add", "kind": "mutation", "outcome": "refused", "facts": ["PhoneAlreadyRegistered"]},
        {"operation": "Add", "kind": "mutation", "outcome": "failed", "error_codes": ["GRAPHQL_VALIDATION_FAILED"]},
        {"kind": "query", "outcome": "done", "mailing_id": "mailing_9", "client_id": "client_77"},
    ]
    assert "79001234567" not in str(operations(logs))


async def test_a_document_without_the_operation_that_is_asked_for_is_told_too(api: Api) -> None:
    with capture_logs() as logs:
        await api.post("{ ")
        await api.post("fragment F on Query { __typename }")

    assert operations(logs) == [
        {"outcome": "failed", "error_codes": ["GRAPHQL_PARSE_FAILED"]},
        {"outcome": "failed"},
    ]


def test_several_ids_stand_in_a_list_that_is_bounded() -> None:
    many = [f"client_{number}" for number in range(1, MOST_IDS + 10)]

    assert ids_on_line([], {"ids": many, "mailing": {"id": "mailing_7"}}) == {
        "client_ids": many[:MOST_IDS],
        "mailing_id": "mailing_7",
    }


@pytest.mark.parametrize(
    "value",
    ["client_", "client_0", "client_x", "see client_7", "order_7", f"client_1{'0' * 19}", 7, None, [[[[[["x"]]]]]]],
)
def test_what_only_looks_like_an_id_is_none(value: object) -> None:
    assert ids_on_line([], {"value": value}) == {}


def test_of_endless_variables_only_some_are_looked_at() -> None:
    assert ids_on_line([], {"ids": [["x"] * 100_000, "client_7"] + ["client_8"] * 100_000}) == {
        "client_ids": ["client_7", "client_8"]
    }
