"""Connections that last too long, and those that are to last."""

import asyncio
import socket
from contextlib import suppress

import aiohttp
import pytest
import structlog
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gql_api.http import connection, stalled
from tests.gql_api.api import Api
from tests.gql_api.following import followed
from tests.gql_api.serving import serving
from tests.progress.conftest import state
from tests.waiting import until

TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\n"


async def test_a_stream_does_not_hold_the_process_up_and_breaks_off() -> None:
    # Given a stream in the middle of which the server stops
    async with aiohttp.ClientSession() as http, asyncio.timeout(5):
        async with followed(state(1)) as one:
            query = {"query": 'subscription { mailingProgress(mailingId: "mailing_1") { sent } }'}
            headers = {"Accept": "text/event-stream"}
            response = await http.post(f"http://{one.api.address}/graphql", json=query, headers=headers)
            assert await response.content.readline() == b":\n"
        # Then the client learns that this was not its end
        with pytest.raises(aiohttp.ClientError):
            await response.read()


async def test_who_takes_nothing_of_an_answer_for_long_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stalled, "STALLED_SECONDS", 0.2)

    # Given an answer larger than every buffer on the way
    async def wide(_: object) -> PlainTextResponse:
        return PlainTextResponse("x" * 50_000_000)

    with structlog.testing.capture_logs() as logs:
        async with serving(Starlette(routes=[Route("/", wide)])) as address:
            host, port = address.split(":")
            with socket.create_connection((host, int(port))) as peer:
                # When nobody reads it
                peer.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                # Then the server gives it up
                await until(lambda: [entry["event"] for entry in logs] == ["connection.stalled"])


async def test_a_head_of_a_request_has_a_length(api: Api) -> None:
    for request in (
        b"GET /graphql?query=" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /graphql HTTP/1.1\r\nHost: localhost\r\n" + b"A: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET /graphql HTTP/1.1\r\nHost: localhost\r\n" + b"A: aaaaaaaaaa\r\n" * 3_000 + b"\r\n",
    ):
        async with api.connection() as (answer, requests):
            requests.write(request)
            assert await answer.readline() == TOO_LARGE


async def test_a_head_without_an_end_is_not_read_on(api: Api) -> None:
    async with api.connection() as (answer, requests):
        answered = asyncio.create_task(answer.readline())
        requests.write(b"GET /graphql HTTP/1.1\r\nHost: localhost\r\nA: ")
        for _ in range(100):
            requests.write(b"a" * 10_000)
            if answered in (await asyncio.wait({answered}, timeout=0.02))[0]:
                break
        # What is under way when the connection is closed can take the answer with it
        with suppress(ConnectionResetError):
            async with asyncio.timeout(5):
                assert await answered == TOO_LARGE


async def test_a_head_that_is_long_enough_for_every_token_is_read(api: Api) -> None:
    for _ in range(3):  # On one connection: what one request took says nothing of the next.
        async with api.http.get(f"http://{api.address}/healthz", headers={"A": "a" * 20_000}) as response:
            assert response.status == 200


async def test_a_body_counts_for_nothing_in_the_length_of_a_head(api: Api) -> None:
    body = b'{"query": "{ __typename }"}' + b" " * 60_000
    head = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    async with api.connection() as (answer, requests):
        # The head may come in two parts, the second of them with all of the body
        for end in (30, 0):
            begin = (head % len(body))[:end]
            requests.write(begin)
            await asyncio.sleep(0.05)
            requests.write((head % len(body) + body)[end:])
            assert await answer.readline() == b"HTTP/1.1 200 OK\r\n"
            assert (await answer.readuntil(b'"Query"}}')).startswith(b"date")


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"\r\n",
        b"GET /graphql HTTP/1.1\r\nHost: localhost\r\n",
        # What is answered before its end, by the gate or by the endpoint
        b"POST /graphql HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 100000\r\n\r\n{",
        b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: a/b\r\nContent-Length: 100000\r\n\r\n{",
        # One after another that was whole
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\n",
    ],
)
async def test_a_request_that_does_not_come_to_its_end_is_not_waited_for(
    api: Api, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.3)
    async with api.connection() as (answer, requests), asyncio.timeout(4):
        # When it drips on
        requests.write(begun)
        with suppress(ConnectionError):
            while not answer.at_eof():
                if begun.endswith((b"{", b"\r\n\r\n\r\n")):
                    requests.write(b"\r\n")
                    await requests.drain()
                with suppress(TimeoutError):
                    await asyncio.wait_for(answer.read(1_000), 0.05)
        # Then its connection has ended


async def test_nothing_that_was_asked_in_time_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.2)
    async with followed(state(1)) as one, aiohttp.ClientSession() as http:
        # Given a stream and a socket
        query = {"query": 'subscription { mailingProgress(mailingId: "mailing_1") { sent } }'}
        stream = await http.post(
            f"http://{one.api.address}/graphql", json=query, headers={"Accept": "text/event-stream"}
        )
        async with one.api.socket() as socket:
            # When more time than that passes, then both live
            await asyncio.sleep(0.5)
            await socket.send(type="ping")
            assert await socket.receive() == {"type": "pong"}
        one.feed.accept(state(2, sent=7))
        while b'"sent":7' not in (line := await stream.content.readline()):
            assert line
        stream.close()
