"""The protocol graphql-transport-ws, frame by frame."""

import asyncio
import json

import pytest
import strawberry
import structlog
from websockets.exceptions import ConnectionClosed

from gql_api.http import operations, view
from gql_api.http.asking import MOST_REQUEST_BYTES
from tests.gql_api.api import Api, Json, Socket
from tests.gql_api.following import followed
from tests.gql_api.http.naming import short
from tests.progress.conftest import state

FOLLOW = "subscription { activeMailingsProgress { sent } }"


async def test_a_frame_of_another_protocol_closes_with_4400_before_the_handshake_too(api: Api) -> None:
    for frame in ("1", "{", '{"type": "start"}', '{"type": "connection_init", "payload": 1}', b"{}"):
        async with api.silent_socket() as socket:
            await socket.connection.send(frame)
            assert await _close(socket) == 4400, frame


@pytest.mark.parametrize(
    "frame",
    ['{"type": "ping", "payload": 5}', '{"type": "pong", "payload": []}', '{"type": "connection_ack"}',
     '{"type": "next", "id": "a", "payload": {}}', '{"type": "complete", "id": ""}', '{"type": "complete", "id": null}',
     '{"type": "subscribe", "id": "", "payload": {"query": "{a}"}}', '{"type": "subscribe", "id": "a"}',
     '{"type": "subscribe", "id": "a", "payload": {"query": null}}', "[" * 100_000, "1" * 10_000,
     '{"type": "subscribe", "id": "a", "payload": {"query": "{a}", "extensions": 1}}'],
    ids=short,
)  # fmt: skip
async def test_what_has_parts_of_a_wrong_type_closes_with_4400(api: Api, frame: str) -> None:
    async with api.socket() as socket:
        await socket.connection.send(frame)
        assert await _close(socket) == 4400


async def test_an_operation_before_the_handshake_closes_with_4401(api: Api) -> None:
    async with api.silent_socket() as socket:
        await socket.subscribe("a", "{ __typename }")
        assert await _close(socket) == 4401


async def test_a_second_handshake_closes_with_4429(api: Api) -> None:
    async with api.socket() as socket:
        await socket.send(type="connection_init")
        assert await _close(socket) == 4429


async def test_no_handshake_closes_with_4408(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "INIT_SECONDS", 0.05)
    async with followed() as one, one.api.silent_socket() as socket:
        assert await _close(socket) == 4408


async def test_another_protocol_closes_with_4406(api: Api) -> None:
    async with api.silent_socket("graphql-ws") as socket:
        assert await _close(socket) == 4406


async def test_an_id_that_is_in_use_closes_with_4409_and_one_that_was_is_free() -> None:
    async with followed(state(1)) as one, one.api.socket() as socket:
        await socket.subscribe("a", "{ __typename }")
        assert [(await socket.receive())["type"] for _ in range(2)] == ["next", "complete"]
        await socket.subscribe("a", FOLLOW)
        assert (await socket.receive())["type"] == "next"

        await socket.subscribe("a", FOLLOW)

        assert await _close(socket) == 4409


async def test_a_frame_larger_than_a_request_may_be_closes_with_1009(api: Api) -> None:
    async with api.socket() as socket:
        await socket.connection.send(json.dumps({"type": "ping"}).ljust(MOST_REQUEST_BYTES))
        assert await socket.receive() == {"type": "pong"}
        await socket.connection.send(json.dumps({"type": "ping"}).ljust(MOST_REQUEST_BYTES + 1))
        assert await _close(socket) == 1009


@pytest.mark.parametrize("payload", [{}, {"payload": None}, {"payload": {}}, {"payload": {"x": [1]}}])
async def test_pings_and_handshakes_come_with_and_without_a_payload(api: Api, payload: Json) -> None:
    async with api.silent_socket() as socket:
        await socket.send(type="ping", **payload)
        assert await socket.receive() == {"type": "pong"}
        await socket.send(type="connection_init", **payload)
        assert await socket.receive() == {"type": "connection_ack"}
        await socket.send(type="pong", **payload)
        await socket.send(type="complete", id="never begun")
        await socket.send(type="ping", **payload)
        assert await socket.receive() == {"type": "pong"}


async def test_one_socket_runs_a_hundred_operations_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_OPERATIONS", 3)
    async with followed(state(1)) as one, one.api.socket() as socket:
        # Given as many as may be
        for id in ("a", "b", "c"):
            await socket.subscribe(id, FOLLOW)
            assert (await socket.receive())["type"] == "next"
        # When there is one more, then it is refused, and the others go on
        await socket.subscribe("d", "{ __typename }")
        error = {
            "message": "This would be operation 4 at once on this socket; at most 3 are allowed",
            "extensions": {"code": "TOO_MANY_OPERATIONS", "limit": 3, "value": 4},
        }
        assert await socket.receive() == {"id": "d", "type": "error", "payload": [error]}
        # And when one has ended there is room again
        await socket.send(id="a", type="complete")
        await socket.subscribe("d", "{ __typename }")
        assert await socket.receive() == {"id": "d", "type": "next", "payload": {"data": {"__typename": "Query"}}}


async def test_of_several_operations_one_must_be_named(api: Api) -> None:
    async with api.socket() as socket:
        payload: Json = {"query": "query A { __typename } query B { b: __typename }"}
        await socket.send(id="a", type="subscribe", payload=payload)
        refused = await socket.receive()
        await socket.send(id="a", type="subscribe", payload=payload | {"operationName": "B"})
        answered = await socket.receive()

    assert (refused["type"], refused["payload"][0]["extensions"]) == ("error", {"code": "GRAPHQL_VALIDATION_FAILED"})
    assert answered["payload"] == {"data": {"b": "Query"}}


async def test_what_nobody_expected_ends_the_operation_alone_and_is_logged(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    async with api.socket() as socket:
        with monkeypatch.context() as patch, structlog.testing.capture_logs() as logs:
            patch.setattr(strawberry.Schema, "stream", fail)
            await socket.subscribe("a", "{ __typename }")
            assert await socket.receive() == {"id": "a", "type": "complete"}
        await socket.subscribe("a", "{ __typename }")
        assert (await socket.receive())["type"] == "next"

    assert [(entry["event"], repr(entry["exc_info"])) for entry in logs] == [
        ("graphql.operation_broke_off", "RuntimeError('a bug')")
    ]


async def _close(socket: Socket) -> int | None:
    """The code that the server closes the socket with; it says nothing more before."""
    async with asyncio.timeout(5):
        with pytest.raises(ConnectionClosed):
            await socket.receive()
    return socket.connection.close_code
