"""Following progress over graphql-transport-ws, as a front end does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import websockets

from tests.e2e.documents import PROGRESS
from tests.gql_api.api import Api, Socket

Json = dict[str, Any]

ONE = (
    f"subscription ($id: ID!) {{ mailingProgress(mailingId: $id) {{ {PROGRESS} updatedAt mailing {{ id status }} }} }}"
)
ACTIVE = f"subscription {{ activeMailingsProgress {{ {PROGRESS} updatedAt mailing {{ id status }} }} }}"


@asynccontextmanager
async def following(api: Api, mailing: str) -> AsyncIterator[AsyncIterator[Json]]:
    """The events of one mailing, from the subscription's acknowledgement to its `complete`."""
    async with api.socket() as socket:
        await socket.subscribe("one", ONE, id=mailing)
        yield _events(socket, "one", "mailingProgress")


@asynccontextmanager
async def following_active(api: Api) -> AsyncIterator[AsyncIterator[Json]]:
    """The events of all mailings that run."""
    async with api.socket() as socket:
        await socket.subscribe("all", ACTIVE)
        yield _events(socket, "all", "activeMailingsProgress")


async def whole_story(api: Api, mailing: str, *, seconds: float = 20) -> list[Json]:
    """Every event up to `complete`, from as many connections as it takes: a lost one is made again."""
    events: list[Json] = []
    async with asyncio.timeout(seconds):
        while True:
            try:
                async with following(api, mailing) as states:
                    async for event in states:
                        events.append(event)  # noqa: PERF401  # what came before the loss is kept
                return events
            except (OSError, websockets.WebSocketException):
                await asyncio.sleep(0.05)


async def _events(socket: Socket, id: str, field: str) -> AsyncIterator[Json]:
    while (frame := await socket.receive())["type"] == "next":
        assert frame["id"] == id
        assert "errors" not in frame["payload"], frame
        yield frame["payload"]["data"][field]
    assert frame == {"id": id, "type": "complete"}
