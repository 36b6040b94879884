"""The runner's hand on the witness: it sets the scenario and reads the ledger."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from mailing.child_process import spawn
from mailing.provider.fake.ledger import Entry

_PAGE = 10_000


@dataclass(slots=True)
class Provider:
    """`good` is the scenario that it plays when no fault befalls it."""

    url: str
    admin_url: str
    journal: Path
    process: subprocess.Popen[bytes]
    good: dict[str, object] = field(default_factory=dict)

    async def play(self, **changes: object) -> None:
        """Behave well but for these changes, from now on."""
        await self._ask("PUT", "/_scenario", json=self.good | changes)

    async def accepted(self) -> list[Entry]:
        """What it accepted, in the order of arrival."""
        entries: list[Entry] = []
        while page := (await self._ask("GET", f"/_ledger/messages?limit={_PAGE}&after={len(entries)}"))["messages"]:
            entries += [Entry(**entry) for entry in page]
        return entries

    async def totals(self) -> dict[str, Any]:
        return await self._ask("GET", "/_ledger")

    def finish(self) -> None:
        """End it: then the journal is complete."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)

    async def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as http,
            http.request(method, self.admin_url + path, **more) as response,
        ):
            assert response.status == 200, await response.text()
            answer: dict[str, Any] = await response.json()
            return answer


@contextmanager
def provider_process(journal: Path) -> Iterator[Provider]:
    """Runs the witness for the length of the block, unless it is finished before."""
    argv = [sys.executable, "-m", "tests.faults.witness", str(journal)]
    with spawn(argv, env=os.environ, signal_on_owner_death=signal.SIGKILL, output=subprocess.PIPE) as process:
        try:
            assert process.stdout
            url, admin_url = process.stdout.readline().decode().split()
            yield Provider(url, admin_url, journal, process)
        finally:
            process.kill()
