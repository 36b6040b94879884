"""Programs with a token of ours, by each way into the API."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from traceback import format_exception

import pytest
import structlog
from tortoise.exceptions import DBConnectionError

from mailing.access_tokens import last_use, queries, secret
from mailing.access_tokens.service import COMMAND_LINE, IssuedToken, create_token, revoke_token
from mailing.access_tokens.validation import NewToken
from mailing.roles import Role
from mailing.settings import Settings
from tests.conftest import Sql
from tests.gql_api.api import Api, Json
from tests.gql_api.auth.asking import COUNT, OK, ask, connected, farewell
from tests.gql_api.auth.conftest import trusting
from tests.gql_api.auth.issuer import Issuer
from tests.gql_api.serving import whole_api
from tests.waiting import until

ACK = {"type": "connection_ack"}
COUNTED = {"data": {"clients": {"totalCount": 0}}}
FOLLOW = "subscription { providerHealth { breaker } }"
WITHDRAWN = (4403, "The authorization has been withdrawn")
UNKNOWN = "The token is not known here"


@pytest.fixture(scope="module")
async def _alone(_connection: None, settings: Settings) -> AsyncIterator[Api]:
    async with whole_api(settings, auth_api_tokens=True) as api:
        yield api


_ids = count(1, step=100)


@pytest.fixture
async def alone(_alone: Api, sql: Sql, monkeypatch: pytest.MonkeyPatch) -> Api:
    """The API with sign-in by API tokens alone, which looks after what lasts all the time; and an empty database."""
    monkeypatch.setattr("gql_api.auth.watch.LOOK_AGAIN_SECONDS", 0.05)
    # It remembers of which token the use has been written.
    await sql("SELECT setval('access_token_id_seq', $1)", next(_ids))
    return _alone


async def make(role: Role = Role.VIEWER, expires_in: timedelta | None = None) -> IssuedToken:
    expires_at = None if expires_in is None else datetime.now(UTC) + expires_in
    return await create_token(NewToken("billing", role, expires_at), COMMAND_LINE)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refused(message: str, code: str = "UNAUTHENTICATED", status: int = 401) -> tuple[int, Json]:
    return status, {"errors": [{"message": message, "extensions": {"code": code}}]}


async def test_a_token_lets_in_by_every_way(alone: Api) -> None:
    # Given
    token = (await make()).secret

    # Then over HTTP, with a handshake, with connection_init, and as a stream
    assert await ask(alone, bearer(token)) == OK
    for payload, headers in ((None, bearer(token)), ({"authorization": f"bearer {token}"}, None)):
        async with connected(alone, payload, headers) as socket:
            assert await socket.receive() == ACK
            await socket.subscribe("a", COUNT)
            assert (await socket.receive())["payload"] == COUNTED
    headers = bearer(token) | {"Accept": "text/event-stream"}
    async with alone.http.post(f"http://{alone.address}/graphql", json={"query": COUNT}, headers=headers) as response:
        assert json.dumps(COUNTED["data"]).replace(" ", "") in await response.text()


async def test_where_only_tokens_let_in_nothing_else_does(alone: Api, issuer: Issuer) -> None:
    assert await ask(alone, {}) == refused("Sign in first")
    assert await ask(alone, issuer.bearer()) == refused("The authorization is of a kind that is not accepted here")


async def test_beside_an_issuer_both_let_in_unless_tokens_are_switched_off(
    signed: Api, issuer: Issuer, settings: Settings
) -> None:
    token = (await make()).secret

    assert await ask(signed, bearer(token)) == await ask(signed, issuer.bearer()) == OK
    async with whole_api(settings, **trusting(issuer), auth_api_tokens=False) as api:
        assert await ask(api, issuer.bearer()) == OK
        assert (await ask(api, bearer(token)))[0] == 401


@pytest.mark.parametrize(
    ("role", "query", "needed"),
    [
        (Role.VIEWER, 'mutation { pauseMailing(input: {id: "mailing_1"}) { __typename } }', "OPERATOR"),
        (Role.OPERATOR, 'mutation { pauseMailing(input: {id: "mailing_1"}) { __typename } }', None),
        (Role.OPERATOR, "{ apiTokens { totalCount } }", "ADMIN"),
        (Role.ADMIN, "{ apiTokens { totalCount } }", None),
    ],
)
async def test_a_token_may_what_its_role_may(alone: Api, role: Role, query: str, needed: str | None) -> None:
    _, answer = await ask(alone, bearer((await make(role)).secret), query)

    assert [error["extensions"]["neededRole"] for error in answer.get("errors", [])] == ([needed] if needed else [])


async def test_who_guesses_is_told_nothing(alone: Api, sql: Sql) -> None:
    # Given a token that is revoked, one that has expired, and one that holds
    revoked, expired, good = [await make() for _ in range(3)]
    await sql("UPDATE access_token SET revoked_at = now() WHERE id = $1", revoked.row.id)
    await sql("UPDATE access_token SET expires_at = now() WHERE id = $1", expired.row.id)
    tokens = [one.secret for one in (revoked, expired, good)]

    # When each is shown, and each with its beginning right and the rest wrong
    shown = [await ask(alone, bearer(token)) for token in tokens]
    other = secret.make_secret()
    guessed = [await ask(alone, bearer(token[:40] + other[40:])) for token in tokens]
    made_up = [await ask(alone, bearer(token)) for token in (other, secret.PREFIX, other + "A", other[:-1])]

    # Then only who has the whole token learns what has become of it
    assert shown == [refused("The token has been revoked"), refused("The token has expired"), OK]
    assert guessed + made_up == [refused(UNKNOWN)] * 7


async def test_what_cannot_be_a_token_does_not_reach_the_database(alone: Api, statements: list[str]) -> None:
    token = (await make()).secret
    statements.clear()

    assert await ask(alone, bearer(token[:-1] + ("A" if token[-1] != "A" else "B"))) == refused(UNKNOWN)
    assert statements == []


async def test_a_request_costs_one_look_at_the_table(alone: Api, statements: list[str]) -> None:
    headers = bearer((await make()).secret)
    await ask(alone, headers)
    await until(lambda: any("SET last_used_at" in one for one in statements))
    statements.clear()

    await ask(alone, headers, "{ __typename }")

    assert [one.split()[0] for one in statements] == ["SELECT"]


async def test_a_revoked_token_is_refused_by_the_next_request(alone: Api) -> None:
    issued = await make()
    assert await ask(alone, bearer(issued.secret)) == OK

    await revoke_token(issued.row.id)

    with structlog.testing.capture_logs() as logs:
        assert await ask(alone, bearer(issued.secret)) == refused("The token has been revoked")
    assert [entry["cause"] for entry in logs] == [f"token_{issued.row.id}"]
    async with connected(alone, {"authorization": f"Bearer {issued.secret}"}) as socket:
        assert await farewell(socket) == (4403, "The token has been revoked")


@pytest.mark.parametrize("undo", ["UPDATE access_token SET revoked_at = now()", "DELETE FROM access_token"])
async def test_what_lasts_ends_soon_after_its_token_is_taken_back(alone: Api, sql: Sql, undo: str) -> None:
    # Given two sockets and a stream, of two tokens
    issued, other = await make(), (await make()).secret
    token = issued.secret
    headers = bearer(token) | {"Accept": "text/event-stream"}
    async with (
        asyncio.timeout(15),
        connected(alone, {"authorization": f"Bearer {token}"}) as socket,
        connected(alone, headers=bearer(other)) as bystander,
        alone.http.post(f"http://{alone.address}/graphql", json={"query": FOLLOW}, headers=headers) as stream,
    ):
        for one in (socket, bystander):
            assert await one.receive() == ACK
            await one.subscribe("a", FOLLOW)
            assert (await one.receive())["type"] == "next"
        assert await stream.content.readline() != b""

        # When one of the tokens is taken back
        await sql(f"{undo} WHERE id = $1", issued.row.id)

        # Then all of its own ends, and nothing of the other
        assert await farewell(socket) == WITHDRAWN
        await stream.text()
        await bystander.send(type="ping")
        assert await bystander.receive() == {"type": "pong"}


async def test_a_socket_ends_when_its_token_expires(alone: Api) -> None:
    issued = await make(expires_in=timedelta(seconds=3))
    async with asyncio.timeout(30), connected(alone, {"authorization": f"Bearer {issued.secret}"}) as socket:
        assert await socket.receive() == ACK
        assert await farewell(socket) == (4403, "The authorization has expired")


async def _refuse(*_: object) -> list[object]:
    raise ConnectionRefusedError


async def _lose(*_: object) -> list[object]:
    raise DBConnectionError("pool")


async def _hang(*_: object) -> list[object]:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize("fetch", [_refuse, _lose, _hang])
async def test_while_the_database_is_away_programs_are_told_to_come_again_and_what_lasts_goes_on(
    alone: Api, monkeypatch: pytest.MonkeyPatch, fetch: Callable[..., Awaitable[object]]
) -> None:
    # Given a socket
    token = (await make()).secret
    async with asyncio.timeout(15), connected(alone, {"authorization": f"Bearer {token}"}) as socket:
        assert await socket.receive() == ACK

        # When the database goes away
        asked = 0

        async def away(*arguments: object) -> object:
            nonlocal asked
            asked += 1
            return await fetch(*arguments)

        with monkeypatch.context() as patch:
            patch.setattr(queries, "fetch", away)
            patch.setattr(queries, "fetch_value", away)
            patch.setattr("gql_api.auth.looking.LONGEST_LOOK_SECONDS", 0.05)
            async with alone.http.get(f"http://{alone.address}/graphql", headers=bearer(token)) as response:
                answer, wait = (response.status, await response.json()), response.headers["Retry-After"]
            async with connected(alone, {"authorization": f"Bearer {token}"}) as other:
                bye = await farewell(other)
            await until(lambda: asked > 4)

        # Then nobody is told that the token is bad
        message = "The token cannot be checked at present: the database does not answer"
        assert answer == refused(message, "SIGN_IN_UNAVAILABLE", 503)
        assert (wait, bye) == ("5", (1013, message))
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}


@pytest.mark.parametrize("fail", [_refuse, _lose])
async def test_that_a_use_cannot_be_written_does_not_trouble_the_request(
    alone: Api, monkeypatch: pytest.MonkeyPatch, fail: Callable[..., Awaitable[object]]
) -> None:
    issued = await make()
    monkeypatch.setattr(last_use, "note_use", fail)

    async with asyncio.timeout(10):
        assert await ask(alone, bearer(issued.secret)) == OK


async def test_nobody_waits_until_a_use_is_written(alone: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def hang(_: int) -> None:
        begun.set()
        await go_on.wait()

    monkeypatch.setattr(last_use, "note_use", hang)
    async with asyncio.timeout(10):
        assert await ask(alone, bearer((await make()).secret)) == OK
        await begun.wait()
    go_on.set()


async def test_the_list_tells_when_a_token_was_last_used(alone: Api) -> None:
    headers = bearer((await make(Role.ADMIN)).secret)

    async def used() -> bool:
        _, answer = await ask(alone, headers, "{ apiTokens { nodes { lastUsedAt } } }")
        (node,) = answer["data"]["apiTokens"]["nodes"]
        return node["lastUsedAt"] is not None

    await until(used)


async def test_no_log_and_no_error_shows_a_token(
    alone: Api, sql: Sql, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given everything that is logged
    caplog.set_level(logging.DEBUG)
    issued = await make(Role.ADMIN)
    headers = bearer(issued.secret)
    create = 'mutation { createApiToken(input: {name: "b", role: VIEWER}) { ... on ApiTokenCreated { token } } }'

    # When tokens are made and shown, what is made cannot be stored, and the token is taken back
    with structlog.testing.capture_logs() as logs:
        _, made = await ask(alone, headers, create)
        with monkeypatch.context() as patch:
            patch.setattr("mailing.access_tokens.service.queries.insert_token", _refuse)
            told = [await ask(alone, headers, create)]
        await revoke_token(issued.row.id)
        told.append(await ask(alone, headers))
        async with connected(alone, {"authorization": f"Bearer {issued.secret}"}) as socket:
            bye = await farewell(socket)

    # Then neither the old nor the new one stands anywhere
    tracebacks = ["".join(format_exception(entry["exc_info"])) for entry in logs if "exc_info" in entry]
    everything = repr((logs, tracebacks, caplog.text, told, bye))
    new = made["data"]["createApiToken"]["token"]
    assert {entry["event"] for entry in logs} == {
        "token.created",
        "graphql.operation_executed",
        "graphql.unexpected_error",
        "token.revoked",
        "auth.refused",
    }
    assert [token for token in (issued.secret, new) if token[14:] in everything] == []
