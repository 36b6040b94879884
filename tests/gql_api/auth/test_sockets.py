"""Sign-in over graphql-transport-ws."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
import websockets
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.exceptions import InvalidStatus

from gql_api.auth.gate import Gate
from gql_api.auth.origins import Origins
from gql_api.http.view import GraphQLView
from mailing.provider_health.feed import HealthFeed
from mailing.settings import Settings
from tests.gql_api.api import Api
from tests.gql_api.auth.asking import COUNT, connected, farewell
from tests.gql_api.auth.by_name import ByName
from tests.gql_api.auth.conftest import trusting
from tests.gql_api.auth.issuer import Issuer, away, issuing
from tests.gql_api.following import HandFeed
from tests.gql_api.serving import serving, whole_api
from tests.progress.conftest import state

ACK = {"type": "connection_ack"}
FOLLOW = "subscription { activeMailingsProgress { sent } }"


@pytest.mark.parametrize("name", ["authorization", "Authorization", "AUTHORIZATION"])
async def test_a_token_may_come_with_connection_init(signed: Api, issuer: Issuer, name: str) -> None:
    async with connected(signed, {name: f"Bearer {issuer.token()}"}) as socket:
        assert await socket.receive() == ACK
        await socket.subscribe("a", COUNT)
        assert (await socket.receive())["payload"] == {"data": {"clients": {"totalCount": 0}}}


async def test_a_token_may_come_with_the_handshake(signed: Api, issuer: Issuer) -> None:
    async with connected(signed, headers=issuer.bearer(roles="viewer")) as socket:
        assert await socket.receive() == ACK
        await socket.subscribe("a", COUNT)
        assert (await socket.receive())["payload"] == {"data": {"clients": {"totalCount": 0}}}


async def test_the_token_of_connection_init_goes_before_that_of_the_handshake(signed: Api, issuer: Issuer) -> None:
    payload = {"authorization": f"Bearer {issuer.token(roles='viewer')}"}
    async with connected(signed, payload, issuer.bearer(roles="admin")) as socket:
        assert await socket.receive() == ACK
        await socket.subscribe("a", 'mutation { pauseMailing(input: {id: "mailing_1"}) { __typename } }')
        frame = await socket.receive()

    assert frame["payload"][0]["extensions"] == {"code": "FORBIDDEN", "neededRole": "OPERATOR"}


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (lambda _: None, "Sign in first"),
        (lambda _: {}, "Sign in first"),
        (lambda _: {"authorization": 1}, "Sign in first"),
        (lambda _: {"authorization": None}, "Sign in first"),
        (lambda issuer: {"authorization": issuer.token()}, "The authorization is of a kind that is not accepted here"),
        (lambda issuer: {"authorization": f"Bearer {issuer.token(exp=1)}"}, "The token has expired"),
        (
            lambda issuer: {"authorization": f"Bearer {issuer.token(aud='another')}"},
            "The token's claim aud does not hold here",
        ),
        (
            lambda issuer: {"authorization": f"Bearer {issuer.token(roles=[])}"},
            "The token holds, but gives no role here",
        ),
    ],
)
async def test_who_shows_nothing_good_with_connection_init_is_sent_away(
    signed: Api, issuer: Issuer, payload: Callable[[Issuer], object], reason: str
) -> None:
    async with connected(signed, payload(issuer)) as socket:
        assert await farewell(socket) == (4403, reason)


async def test_nothing_can_be_asked_before_connection_init(signed: Api, issuer: Issuer) -> None:
    async with signed.silent_socket(headers=issuer.bearer()) as socket:
        await socket.subscribe("a", "{ __typename }")
        await socket.connection.wait_closed()

    assert socket.connection.close_code == 4401


@pytest.mark.parametrize(
    ("claims", "status", "challenge"),
    [
        ({"exp": 1}, 401, 'Bearer realm="mailing", error="invalid_token", error_description="The token has expired"'),
        ({"roles": []}, 403, None),
    ],
)
async def test_a_handshake_with_a_bad_token_is_refused_over_http(
    signed: Api, issuer: Issuer, claims: dict[str, object], status: int, challenge: str | None
) -> None:
    with pytest.raises(InvalidStatus) as caught:
        async with connected(signed, headers=issuer.bearer(**claims)):
            pass

    response = caught.value.response
    assert (response.status_code, response.headers.get("WWW-Authenticate")) == (status, challenge)


@pytest.mark.parametrize("way", ["connection_init", "handshake"])
async def test_a_socket_ends_with_its_token_and_so_does_all_that_it_follows(
    signed: Api, issuer: Issuer, way: str
) -> None:
    # Given a socket with a token for three or four seconds, busy and idle at once
    expires_at = int(time.time()) + 4
    token = f"Bearer {issuer.token(exp=expires_at)}"
    payload, headers = ({"authorization": token}, {}) if way == "connection_init" else (None, {"Authorization": token})
    async with connected(signed, payload, headers) as socket:
        assert await socket.receive() == ACK
        await socket.subscribe("a", FOLLOW)
        await socket.subscribe("b", "subscription { providerHealth { breaker } }")

        # When the token expires
        async with asyncio.timeout(30):
            end = await farewell(socket)

    # Then the peer is told why, in a way after which clients try again with a new one
    assert end == (4403, "The authorization has expired")
    assert time.time() >= expires_at


async def test_a_socket_that_keeps_asking_ends_with_its_token_too(signed: Api, issuer: Issuer) -> None:
    payload = {"authorization": f"Bearer {issuer.token(exp=int(time.time()) + 4)}"}
    async with connected(signed, payload) as socket:
        asking = asyncio.create_task(_keep_asking(socket.connection))
        async with asyncio.timeout(30):
            end = await farewell(socket)
        await asking

    assert end == (4403, "The authorization has expired")


async def test_while_the_issuer_is_away_sockets_are_told_to_come_again(settings: Settings, database: None) -> None:
    async with issuing() as issuer:
        issuer.answer = away()
        async with (
            whole_api(settings, **trusting(issuer)) as api,
            connected(api, {"authorization": f"Bearer {issuer.token()}"}) as socket,
        ):
            assert await farewell(socket) == (
                1013,
                "The token cannot be checked at present: its issuer does not answer",
            )


async def test_an_execution_is_shared_by_those_of_the_same_role() -> None:
    # Given a feed behind a gate
    feed = HandFeed(state(1))
    view = GraphQLView(feed, HealthFeed())
    app = Starlette(routes=[WebSocketRoute("/graphql", Gate(view, ByName(), Origins()))])
    async with serving(app) as address, aiohttp.ClientSession() as http, AsyncExitStack() as stack:
        # When two viewers and an admin follow the same
        for role in ("viewer", "viewer", "admin"):
            payload = {"authorization": f"Bearer {role}"}
            socket = await stack.enter_async_context(connected(Api(http, address), payload))
            assert await socket.receive() == ACK
            await socket.subscribe("a", FOLLOW)
            assert (await socket.receive())["payload"] == {"data": {"activeMailingsProgress": {"sent": 1000}}}
        # Then the viewers share one execution, and the admin has another
        assert len(view.executions) == 2


async def _keep_asking(connection: websockets.ClientConnection) -> None:
    try:
        while True:
            await connection.send('{"type": "ping"}')
            await asyncio.sleep(0)
    except websockets.ConnectionClosed:
        pass
