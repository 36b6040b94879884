"""Steps that many stories have in common."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from mailing.db import orm
from mailing.provider.protocol import Answer, Outgoing
from tests.delivery.conftest import Worker, counts

Clients = Callable[[int], Awaitable[None]]


def work_slowly(worker: Worker, concurrency: int = 4, batch: int = 25, **pace: Any) -> None:
    """So few requests at once that there is time to interfere, and so few messages that all slots have some."""
    worker.engine.pace = replace(worker.engine.pace, concurrency=concurrency, batch=batch, **pace)


async def has_sent(mailing_id: int, at_least: int) -> bool:
    return (await counts(mailing_id)).get("sent", 0) >= at_least


async def has_counts(mailing_id: int, **expected: int) -> bool:
    return await counts(mailing_id) == expected


async def everything() -> str:
    """All that is stored of mailings and messages, to see that nothing has changed."""
    tables = ("mailing", "message", "message_count", "mailing_text", "delivery_slot")
    return json.dumps(
        {
            table: [row["row"] for row in await orm.fetch(f"SELECT to_jsonb(t)::text AS row FROM {table} t ORDER BY 1")]
            for table in tables
        }
    )


class Held:
    """Stands before a worker's provider, and hands messages on once it may: until then, no request ends."""

    def __init__(self, worker: Worker) -> None:
        self.may_go = asyncio.Event()
        self.requests = 0
        self._provider = worker.engine.provider
        worker.engine.provider = self

    async def send(self, message: Outgoing, *, leave_within: float | None = None) -> Answer:
        self.requests += 1
        await self.may_go.wait()
        return await self._provider.send(message, leave_within=leave_within)

    async def close(self) -> None:
        await self._provider.close()
