"""What lasts ends when the pass is withdrawn."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import aiohttp
import pytest
import websockets
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute

from gql_api.auth.gate import Gate
from gql_api.auth.origins import Origins
from gql_api.http.view import GraphQLView
from mailing.provider_health.feed import HealthFeed
from tests.gql_api.api import Api
from tests.gql_api.auth.asking import connected, farewell
from tests.gql_api.auth.by_name import ByName
from tests.gql_api.following import HandFeed
from tests.gql_api.serving import serving
from tests.progress.conftest import state
from tests.waiting import until

VIEWER = {"Authorization": "Bearer viewer"}
ACK = {"type": "connection_ack"}
WITHDRAWN = (4403, "The authorization has been withdrawn")


async def _endless() -> AsyncGenerator[str, None]:
    yield "data: 1\n\n"
    await asyncio.Event().wait()


async def stream(_: Request) -> Response:
    return StreamingResponse(_endless(), media_type="text/event-stream")


async def slow(_: Request) -> Response:
    await asyncio.sleep(0.3)
    return JSONResponse("done")


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> ByName:
    """Who lets in, with passes that can be withdrawn and are looked at all the time."""
    monkeypatch.setattr("gql_api.auth.watch.LOOK_AGAIN_SECONDS", 0.02)
    one = ByName()
    one.is_withdrawable = True
    return one


@pytest.fixture
async def address(passes: ByName) -> AsyncIterator[str]:
    socket = WebSocketRoute("/graphql", GraphQLView(HandFeed(state(1)), HealthFeed()))
    inner = Starlette(routes=[Route("/stream", stream), Route("/slow", slow), socket])
    async with serving(Gate(inner, passes, Origins())) as one:
        yield one


@pytest.fixture
async def api(address: str) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as http:
        yield Api(http, address)


@pytest.mark.parametrize("way", ["connection_init", "handshake"])
async def test_a_socket_ends_with_all_that_it_follows(passes: ByName, api: Api, way: str) -> None:
    # Given a socket that has been looked at several times
    payload, headers = ({"authorization": "Bearer viewer"}, {}) if way == "connection_init" else (None, VIEWER)
    async with asyncio.timeout(10), connected(api, payload, headers) as socket:
        assert await socket.receive() == ACK
        await socket.subscribe("a", "subscription { activeMailingsProgress { sent } }")
        await until(lambda: passes.asked > 3)

        # When its pass is withdrawn
        passes.is_withdrawn = True

        # Then the peer is told
        assert await farewell(socket) == WITHDRAWN


async def test_a_socket_that_never_stops_asking_ends_too(passes: ByName, api: Api) -> None:
    async with asyncio.timeout(10), connected(api, headers=VIEWER) as socket:
        asking = asyncio.create_task(_keep_asking(socket.connection))
        passes.is_withdrawn = True

        assert await farewell(socket) == WITHDRAWN
        await asking


async def test_a_stream_ends_and_an_answer_that_is_none_is_given(passes: ByName, api: Api) -> None:
    async with asyncio.timeout(10), api.http.get(f"http://{api.address}/stream", headers=VIEWER) as response:
        await until(lambda: passes.asked > 3)
        passes.is_withdrawn = True
        whole = await response.text()

    async with api.http.get(f"http://{api.address}/slow", headers=VIEWER) as other:
        assert (whole, await other.json()) == ("data: 1\n\n", "done")


async def test_what_lasts_goes_on_while_nobody_can_tell(passes: ByName, api: Api) -> None:
    passes.is_away = True
    async with asyncio.timeout(10), connected(api, headers=VIEWER) as socket:
        assert await socket.receive() == ACK
        await until(lambda: passes.asked > 3)
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}

        passes.is_withdrawn = True
        passes.is_away = False
        assert await farewell(socket) == WITHDRAWN


async def test_nobody_is_asked_about_what_is_over(passes: ByName, api: Api) -> None:
    async with connected(api, headers=VIEWER) as socket:
        assert await socket.receive() == ACK
        await until(lambda: passes.asked > 0)
    tasks = {task for task in asyncio.all_tasks() if "Watch" in repr(task)}

    await until(lambda: all(task.done() for task in tasks))


async def _keep_asking(connection: websockets.ClientConnection) -> None:
    try:
        while True:
            await connection.send('{"type": "ping"}')
            await asyncio.sleep(0)
    except websockets.ConnectionClosed:
        pass
