import asyncio
import socket

import aiohttp
import pytest
import structlog
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gql_api.http import stalled
from tests.gql_api.following import followed
from tests.gql_api.serving import serving
from tests.progress.conftest import state
from tests.waiting import until


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
