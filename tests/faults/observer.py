"""A subscriber who follows every mailing for the whole run, over as many connections as it takes."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
import websockets

from gql_api.ids import id_of
from tests.e2e.documents import PROGRESS
from tests.faults.mailings import Created
from tests.gql_api.api import Api

STATUSES = ("pending", "sending", "sent", "failed", "expired", "unconfirmed", "cancelled")

_QUERY = f"subscription ($id: ID!) {{ mailingProgress(mailingId: $id) {{ {PROGRESS} updatedAt }} }}"
_AGAIN_SECONDS = 0.1
_LOST = (OSError, TimeoutError, websockets.WebSocketException, AssertionError)
"""What a connection ends with when the API is killed, frozen or still starting."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a subscriber was told. `connection` counts the connections that this mailing's subscription took."""

    mailing_id: int
    connection: int
    received_at: float
    updated_at: datetime
    total: int
    counts: dict[str, int]


class Observer:
    """Keeps every event, in the order in which they came."""

    def __init__(self, address: str) -> None:
        self.events: list[Event] = []
        self.errors: list[str] = []
        """Errors instead of events; while the database is away, they are in order."""
        self.completed: set[int] = set()
        """Mailings whose subscription ended as it should."""
        self._address = address
        self._connections = 0

    async def follow(self, mailings: list[Created]) -> None:
        """Until each has ended."""
        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as tasks:
            api = Api(http, self._address)
            for mailing in mailings:
                tasks.create_task(self._follow(api, mailing.id))

    async def _follow(self, api: Api, mailing_id: int) -> None:
        while mailing_id not in self.completed:
            try:
                async with api.socket() as socket:
                    await socket.subscribe("progress", _QUERY, id=id_of("mailing", mailing_id))
                    self._connections += 1
                    number = self._connections
                    while self._heard(mailing_id, number, await socket.receive()):
                        pass
            except _LOST:
                await asyncio.sleep(_AGAIN_SECONDS)

    def _heard(self, mailing_id: int, connection: int, frame: dict[str, Any]) -> bool:
        """Keep an event; whether more is to come on this connection."""
        payload = frame.get("payload", {})
        if frame["type"] == "complete":
            self.completed.add(mailing_id)
        elif frame["type"] != "next" or "errors" in payload:
            self.errors.append(f"{time.time():.3f} mailing {mailing_id}: {frame}")
        else:
            self.events.append(_event(mailing_id, connection, payload["data"]["mailingProgress"]))
            return True
        return False


def _event(mailing_id: int, connection: int, progress: dict[str, Any]) -> Event:
    return Event(
        mailing_id,
        connection,
        time.time(),
        datetime.fromisoformat(progress["updatedAt"]),
        progress["total"],
        {status: progress[status] for status in STATUSES},
    )
