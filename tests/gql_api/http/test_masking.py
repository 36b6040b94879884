from hashlib import sha256

import pytest
import structlog

from tests.gql_api.api import Api


async def test_an_unexpected_error_is_shown_as_a_number_and_logged_whole(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> int:
        raise RuntimeError("the password is 1234")

    monkeypatch.setattr("gql_api.clients.queries.count_clients", fail)

    with structlog.testing.capture_logs() as logs:
        answer = await api.post("query Secrets { clients { totalCount } }")

    (error,) = answer["errors"]
    (entry,) = [entry for entry in logs if entry["event"] == "graphql.unexpected_error"]
    assert (error["message"], error["path"]) == ("Internal error", ["clients", "totalCount"])
    assert error["extensions"] == {"code": "INTERNAL_ERROR", "operationId": entry["operation_id"]}
    assert "1234" not in str(answer)
    assert entry["operation"] == "Secrets"
    assert repr(entry["exc_info"]) == "RuntimeError('the password is 1234')"


async def test_the_log_names_the_document_and_never_quotes_it(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given an operation with secrets in every place that a caller can write to
    async def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("gql_api.clients.queries.page_of_clients", fail)
    query = """
        # secret-comment
        query Q($t: String!) { clients(filter: {tags: ["secret-literal", $t]}) { totalCount } }
    """

    # When
    with structlog.testing.capture_logs() as logs:
        await api.post(query, t="secret-variable")

    # Then
    entries = [entry for entry in logs if entry["event"] == "graphql.unexpected_error"]
    assert [(entry["operation"], entry["document"], entry["path"]) for entry in entries] == [
        ("Q", sha256(query.encode()).hexdigest(), ["clients"])
    ]
    assert "secret" not in str(logs)


async def test_the_log_keeps_of_a_long_name_the_beginning(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("gql_api.clients.queries.page_of_clients", fail)

    with structlog.testing.capture_logs() as logs:
        await api.post(f"query {'N' * 10_000} {{ clients {{ totalCount }} }}")

    assert [entry["operation"] for entry in logs if entry["event"] == "graphql.unexpected_error"] == ["N" * 100]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ clients {", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ clients(first: "one") { totalCount } }', "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { clients(first: $n) { totalCount } }", "BAD_USER_INPUT"),
        ("{ clients(first: 0) { totalCount } }", "BAD_USER_INPUT"),
    ],
)
async def test_a_mistake_of_the_caller_is_shown_with_a_code(api: Api, query: str, code: str) -> None:
    (error,) = await api.errors(query)

    assert error["message"] != "Internal error"
    assert error["extensions"]["code"] == code


async def test_a_mistake_over_a_socket_is_shown_with_a_code_too(api: Api) -> None:
    async with api.socket() as socket:
        await socket.subscribe("a", "{ nothing }")
        error = await socket.receive()

    assert (error["id"], error["type"]) == ("a", "error")
    assert [shown["extensions"]["code"] for shown in error["payload"]] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_an_unexpected_error_of_a_subscription_is_masked_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("the password is 1234")

    monkeypatch.setattr("mailing.progress.feed.read_active_progress", fail)

    async with api.socket() as socket:
        await socket.subscribe("a", "subscription { activeMailingsProgress { total } }")
        message = await socket.receive()

    assert "1234" not in str(message)
    assert "Internal error" in str(message)
