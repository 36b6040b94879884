"""The fake provider as the measurements see it: its ledger is the truth about what was sent, and when."""

import asyncio
import json
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Totals:
    """What the provider took since its ledger was emptied."""

    requests: int
    accepted: int
    repeated: int


class ProviderLedger:
    """Asks the fake provider; `url` is that of its origin, without a path."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def forget(self) -> None:
        """Have it forget what it took."""
        await self._ask("/_ledger", "DELETE")

    async def play(self, *, latency_ms: float) -> None:
        """Answer every request after so long; everything else as it should be."""
        await self._ask("/_scenario", "PUT", json.dumps({"latency_ms": latency_ms}).encode())

    async def totals(self) -> Totals:
        told = await self._ask("/_ledger")
        return Totals(told["requests"], told["accepted"], told["repeated"])

    async def first_arrival(self) -> float:
        """When the first accepted message arrived, in seconds since 1970."""
        return (await self.arrivals(limit=1))[0]

    async def arrivals(self, after: int = 0, limit: int | None = None) -> Sequence[float]:
        """When accepted messages arrived, in their order, without the first `after`."""
        found: list[float] = []
        while limit is None or len(found) < limit:
            page = _PAGE if limit is None else min(_PAGE, limit - len(found))
            told = await self._ask(f"/_ledger/messages?after={after + len(found)}&limit={page}")
            found += [message["arrived_at"] for message in told["messages"]]
            if len(told["messages"]) < page:
                break
        return found

    async def _ask(self, path: str, method: str = "GET", body: bytes | None = None) -> Any:
        request = urllib.request.Request(f"{self._url}{path}", body, method=method)
        return await asyncio.to_thread(_answer, request)


def _answer(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
