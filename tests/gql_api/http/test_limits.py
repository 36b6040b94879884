"""The limits, on every way in."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gql_api.http.limits import Limits
from mailing.settings import Settings
from tests.conftest import Sql
from tests.gql_api.api import Api, Json
from tests.gql_api.serving import whole_api
from tests.waiting import until

DEEP = "{ mailing(id: 1) { messages { nodes { mailing { messages { nodes { mailing { id } } } } } } } }"


@pytest.fixture
async def narrow(database: None, settings: Settings) -> AsyncIterator[Api]:
    """The API under narrow limits."""
    narrow = {
        "graphql_max_depth": 5,
        "graphql_max_aliases": 2,
        "graphql_max_cost": 100,
        "graphql_timeout_seconds": 1.5,
        "graphql_introspection": False,
    }
    async with whole_api(settings, **narrow) as api:
        yield api


def test_what_is_told_of_the_schema_is_what_the_settings_say(settings: Settings) -> None:
    def told(introspection: bool | None, suggestions: bool | None, **update: object) -> tuple[bool, bool]:
        update |= {"graphql_introspection": introspection, "graphql_suggestions": suggestions}
        limits = Limits.of(settings.model_copy(update=update))
        return limits.introspection, limits.suggestions

    assert told(None, None) == (True, True)
    assert told(None, None, auth_issuer="https://sign-in.example") == (False, False)
    assert told(None, None, let_anyone_in_without_sign_in=True) == (False, False)
    assert told(True, None, auth_issuer="https://sign-in.example") == (True, True)
    assert told(False, None) == (False, False)
    assert told(False, True) == (False, True)
    assert told(True, False) == (True, False)


def test_without_settings_the_limits_are_the_same_and_the_schema_is_not_told() -> None:
    limits = Limits.of(Settings(graphql_introspection=False))

    assert limits == Limits()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (DEEP, "TOO_DEEP"),
        ("{ a: __typename b: __typename c: __typename }", "TOO_MANY_ALIASES"),
        ("{ clients(first: 100) { nodes { id } } }", "TOO_COSTLY"),
        ("{ " + "__typename " * 2_000 + "}", "TOO_MANY_TOKENS"),
        ("#" * 300_000, "DOCUMENT_TOO_LONG"),
        ("{ __schema { queryType { name } } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_refusal_is_an_error_of_the_operation_on_every_way_in(narrow: Api, query: str, code: str) -> None:
    # When it is asked by POST, and over a socket on which something else goes on
    async with narrow.http.post(f"http://{narrow.address}/graphql", json={"query": query}) as response:
        posted = (await response.json())["errors"]
    async with narrow.socket() as socket:
        await socket.subscribe("other", "subscription { activeMailingsProgress { sent } }")
        await socket.subscribe("a", query)
        refused = await socket.receive()
        await socket.subscribe("b", "{ __typename }")
        others = [await socket.receive(), await socket.receive()]

    # Then
    assert {error["extensions"]["code"] for error in posted} == {code}
    assert (refused["id"], refused["type"]) == ("a", "error")
    assert refused["payload"] == posted
    assert [message["type"] for message in others] == ["next", "complete"]


async def test_a_subscription_has_the_same_limits(narrow: Api) -> None:
    async with narrow.socket() as socket:
        await socket.subscribe("a", "subscription { activeMailingsProgress { a: sent b: sent c: sent } }")
        refused = await socket.receive()

    assert (refused["id"], refused["type"]) == ("a", "error")
    assert [error["extensions"] for error in refused["payload"]] == [
        {"code": "TOO_MANY_ALIASES", "limit": 2, "value": 3}
    ]


async def test_the_cost_is_that_of_the_variables_of_the_request(narrow: Api) -> None:
    query = "query ($n: Int!) { clients(first: $n) { nodes { id } } }"

    assert await narrow.ask(query, n=49) == {"clients": {"nodes": []}}
    assert await narrow.errors(query, n=50) == [
        {
            "message": "The operation asks for up to 101 values, each list counted with all of its page; at most 100 "
            "are allowed: ask for smaller pages or fewer fields",
            "extensions": {"code": "TOO_COSTLY", "limit": 100, "value": 101},
        }
    ]


TIMED_OUT = [
    {
        "message": "The operation was stopped: it took longer than 1.5 seconds, which is the most that is allowed",
        "extensions": {"code": "OPERATION_TIMEOUT", "limitSeconds": 1.5},
    }
]


@pytest.fixture
def _slow_reads(monkeypatch: pytest.MonkeyPatch, sql: Sql) -> None:
    async def sleep(*_: object) -> int:
        await sql("SELECT pg_sleep(60)")
        return 0

    monkeypatch.setattr("gql_api.clients.queries.count_clients", sleep)


@pytest.mark.usefixtures("_slow_reads")
async def test_a_query_that_takes_too_long_is_stopped_and_so_is_its_statement(narrow: Api, sql: Sql) -> None:
    # When more of them come than the pool has connections
    answers = await asyncio.gather(*(narrow.post("{ clients { totalCount } }") for _ in range(12)))

    # Then all are answered, nothing runs on, and the pool serves as before
    assert [_told(answer) for answer in answers] == [TIMED_OUT] * 12
    await until(lambda: _no_statement_sleeps(sql))
    again = await asyncio.gather(*(narrow.ask("{ mailings { totalCount } }") for _ in range(12)))
    assert again == [{"mailings": {"totalCount": 0}}] * 12


@pytest.mark.usefixtures("_slow_reads")
async def test_a_socket_outlives_an_operation_that_takes_too_long(narrow: Api) -> None:
    async with narrow.socket() as socket:
        await socket.subscribe("a", "{ clients { totalCount } }")
        answer = await socket.receive()
        assert await socket.receive() == {"id": "a", "type": "complete"}
        await socket.subscribe("b", "{ __typename }")
        assert (await socket.receive())["payload"] == {"data": {"__typename": "Query"}}

    assert (answer["id"], answer["type"], answer["payload"]["data"]) == ("a", "next", None)
    assert _told(answer["payload"]) == TIMED_OUT


async def test_a_loader_that_takes_too_long_is_stopped_too(
    narrow: Api, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sleep(keys: list[int]) -> dict[int, object]:
        await sql("SELECT pg_sleep(60)")
        return {}

    monkeypatch.setattr("gql_api.context.clients_by_id", sleep)

    assert await narrow.errors('{ client(id: "client_1") { id } }') == TIMED_OUT
    await until(lambda: _no_statement_sleeps(sql))


async def test_a_mutation_that_takes_too_long_changes_nothing(
    narrow: Api, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a mutation that hangs in its transaction, after it has written
    async def sleep(*_: object, **__: object) -> None:
        await sql("SELECT pg_sleep(60)")

    monkeypatch.setattr("mailing.mailings.service.announce_after_commit", sleep)
    create = """
        mutation { createMailing(input: {
            text: "Hello", startsAt: "2090-01-01T00:00:00Z", endsAt: "2090-01-02T00:00:00Z"
        }) { __typename } }
    """

    # When
    errors = await narrow.errors(create)

    # Then
    assert errors == TIMED_OUT
    assert await sql("SELECT id FROM mailing") == []
    await until(lambda: _no_statement_sleeps(sql))


async def test_a_subscription_may_last(narrow: Api) -> None:
    async with narrow.socket() as socket:
        await socket.subscribe("a", "subscription { providerHealth { breaker } }")
        await socket.receive()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(socket.receive(), 2.5)


def _told(answer: Json) -> list[Json]:
    return [{"message": error["message"], "extensions": error["extensions"]} for error in answer["errors"]]


async def _no_statement_sleeps(sql: Sql) -> bool:
    return await sql("SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(60)'") == []
