"""The outside SMS service: the fake provider in a process of its own, which outlives any `mailing up`."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from mailing.child_process import spawn

# With an admin port of its own the fake can refuse connections for real, and still be told to stop doing so.
_PROGRAM = "from mailing.provider.fake import run; run(admin_port=0)"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where it takes messages, and where it is steered and asked."""

    url: str
    admin_url: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that it accepted; `arrived_at` in seconds since 1970."""

    id: int
    phone: int
    text: str
    arrived_at: float


@contextmanager
def outside_process() -> Iterator[Addresses]:
    """Runs it for the length of the block."""
    argv = [sys.executable, "-P", "-c", _PROGRAM]
    with spawn(argv, env=os.environ, signal_on_owner_death=signal.SIGKILL, output=subprocess.PIPE) as process:
        assert process.stdout
        # fake provider: http://127.0.0.1:1/v1 (ledger: http://127.0.0.1:2/_ledger)
        words = process.stdout.readline().decode().split()
        try:
            yield Addresses(words[2], words[4].removesuffix("/_ledger)"))
        finally:
            process.terminate()


@dataclass(frozen=True, slots=True)
class Outside:
    """Sets its scenario and reads its ledger."""

    http: aiohttp.ClientSession
    admin_url: str

    async def play(self, **scenario: object) -> None:
        """Behave like this from now on; without arguments: well."""
        async with self.http.put(f"{self.admin_url}/_scenario", json=scenario) as response:
            assert response.status == 200, await response.text()

    async def totals(self) -> dict[str, Any]:
        """Counts of what arrived since it last forgot."""
        return await self._get("/_ledger")

    async def unfulfilled(self) -> int:
        """How many requests did not end as an acceptance that the caller was told of."""
        totals = await self.totals()
        return int(totals["requests"]) - int(totals["answered"].get("200", 0))

    async def taken(self, text: str | None = None) -> list[Taken]:
        """What it accepted, in the order of arrival; with `text`, only messages of that text."""
        taken: list[Taken] = []
        while page := (await self._get(f"/_ledger/messages?limit=10000&after={len(taken)}"))["messages"]:
            taken += [Taken(**message) for message in page]
        return [message for message in taken if text in (None, message.text)]

    async def falls_silent(self, *, within: float, after: float = 0.5) -> None:
        """Raises if a request arrives later than `within` seconds from now.

        That nothing comes can only be seen by looking on for a while: for `after` seconds.
        """
        await asyncio.sleep(within)
        requests = (await self.totals())["requests"]
        await asyncio.sleep(after)
        assert (await self.totals())["requests"] == requests

    async def forget(self) -> None:
        async with self.http.delete(f"{self.admin_url}/_ledger") as response:
            assert response.status == 200

    async def _get(self, path: str) -> dict[str, Any]:
        async with self.http.get(self.admin_url + path) as response:
            assert response.status == 200, await response.text()
            answer: dict[str, Any] = await response.json()
            return answer
