"""Origins, cookies and streams, at the gate."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from structlog.contextvars import get_contextvars
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from gql_api.auth.gate import Gate
from gql_api.auth.origins import PREFLIGHT_HEADER, Origins
from gql_api.auth.visit import visit_of
from tests.gql_api.auth.by_name import ByName
from tests.gql_api.serving import serving

PREFLIGHT = {PREFLIGHT_HEADER: "1"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OWN = "http://{address}"


class _Streams:
    """Streams that would never end, and whether they were."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()

    async def endless(self) -> AsyncGenerator[str, None]:
        try:
            yield "data: 1\n\n"
            await asyncio.Event().wait()
        finally:
            self.ended.set()


STREAMS = _Streams()


async def who(request: Request) -> Response:
    viewer = visit_of(request.scope).viewer
    return JSONResponse({"viewer": viewer and viewer.subject, "logged": get_contextvars().get("user")})


async def stream(request: Request) -> Response:
    return StreamingResponse(STREAMS.endless(), media_type=request.query_params["type"])


async def slow(_: Request) -> Response:
    await asyncio.sleep(0.5)
    return JSONResponse("done")


async def hello(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    """An application behind a gate that takes everybody at their word; one other origin is allowed."""
    inner = Starlette(
        routes=[
            Route("/who", who, methods=["GET", "POST"]),
            Route("/stream", stream),
            Route("/slow", slow),
            WebSocketRoute("/socket", hello),
        ]
    )
    async with serving(Gate(inner, ByName(), Origins(["https://Desk.example.com:443"]))) as one:
        yield one


async def ask(address: str, headers: dict[str, str], method: str = "POST") -> int:
    headers = {name: value.format(address=address) for name, value in headers.items()}
    async with aiohttp.ClientSession() as http, http.request(method, f"http://{address}/who", headers=headers) as found:
        return found.status


async def shake_hands(address: str, headers: dict[str, str]) -> int:
    """The status of the handshake; 101 is a socket."""
    headers = {name: value.format(address=address) for name, value in headers.items()}
    try:
        async with connect(f"ws://{address}/socket", additional_headers=headers) as socket:
            assert await socket.recv() == "hello"
    except InvalidStatus as e:
        return int(e.response.status_code)
    return 101


async def test_who_has_come_is_known_inside_and_in_the_logs(address: str) -> None:
    headers = {"Authorization": "Bearer operator"}
    async with aiohttp.ClientSession() as http, http.get(f"http://{address}/who", headers=headers) as response:
        assert await response.json() == {"viewer": "operator", "logged": "operator"}


ORIGINS = [
    ({}, True),
    ({"Origin": OWN}, True),
    ({"Origin": "https://desk.example.com"}, True),
    ({"Origin": "https://proxy.example.com", "Sec-Fetch-Site": "same-origin"}, True),
    ({"Origin": "http://desk.example.com"}, False),
    ({"Origin": "https://desk.example.com:8443"}, False),
    ({"Origin": "https://desk.example.com.evil.example"}, False),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, False),
    ({"Origin": "http://127.0.0.1:1"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": ""}, False),
]


@pytest.mark.parametrize(("headers", "may"), ORIGINS)
async def test_pages_of_foreign_origins_get_nothing_even_with_a_token(
    address: str, headers: dict[str, str], may: bool
) -> None:
    headers = headers | {"Authorization": "Bearer admin"}

    assert await ask(address, headers) == (200 if may else 403)
    assert await ask(address, headers, "GET") == (200 if may else 403)


@pytest.mark.parametrize(("headers", "may"), ORIGINS)
async def test_pages_of_foreign_origins_open_no_sockets(address: str, headers: dict[str, str], may: bool) -> None:
    assert await shake_hands(address, headers | {"Authorization": "Bearer admin"}) == (101 if may else 403)


@pytest.mark.parametrize(
    ("method", "headers", "may"),
    [
        ("POST", {"Origin": OWN, **PREFLIGHT}, True),
        ("POST", {"Origin": "https://desk.example.com", **PREFLIGHT}, True),
        ("GET", PREFLIGHT, True),
        # What a form, an image or a link of any page can make a browser send
        ("POST", {"Origin": "https://evil.example", **FORM}, False),
        ("POST", {"Origin": "null", **FORM}, False),
        ("POST", FORM, False),
        ("GET", {}, False),
        # Half of it
        ("POST", {"Origin": OWN}, False),
        ("POST", PREFLIGHT, False),
        ("POST", {"Origin": OWN, PREFLIGHT_HEADER: ""}, False),
        ("POST", {"Origin": "https://evil.example", **PREFLIGHT}, False),
    ],
)
async def test_with_a_cookie_a_request_must_be_one_that_our_own_page_sends(
    address: str, method: str, headers: dict[str, str], may: bool
) -> None:
    assert await ask(address, headers | {"Cookie": "admin"}, method) == (200 if may else 403)


@pytest.mark.parametrize(("headers", "may"), [({"Origin": OWN}, True), ({"Origin": "null"}, False), ({}, False)])
async def test_with_a_cookie_a_socket_must_tell_its_origin(address: str, headers: dict[str, str], may: bool) -> None:
    assert await shake_hands(address, headers | {"Cookie": "admin"}) == (101 if may else 403)


async def test_a_token_needs_no_header_of_a_page(address: str) -> None:
    assert await ask(address, {"Authorization": "Bearer admin", "Cookie": "admin"}) == 200


@pytest.mark.parametrize("kind", ["text/event-stream", "multipart/mixed;boundary=graphql"])
async def test_a_stream_ends_with_the_pass(address: str, kind: str) -> None:
    STREAMS.ended.clear()
    begun = time.monotonic()
    headers = {"Authorization": "Bearer viewer 3"}
    async with (
        asyncio.timeout(30),
        aiohttp.ClientSession() as http,
        http.get(f"http://{address}/stream", params={"type": kind}, headers=headers) as response,
    ):
        whole = await response.text()
        await STREAMS.ended.wait()

    assert (response.status, whole) == (200, "data: 1\n\n")
    assert time.monotonic() - begun >= 2.9


async def test_an_answer_that_is_no_stream_is_given_though_the_pass_expires_meanwhile(address: str) -> None:
    headers = {"Authorization": "Bearer viewer 0.1"}
    async with aiohttp.ClientSession() as http, http.get(f"http://{address}/slow", headers=headers) as response:
        assert (response.status, await response.json()) == (200, "done")
