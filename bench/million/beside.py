"""Questions asked beside the full load, and how long their answers took.

Each is asked at its time, whether the one before has been answered or not: one that waits long must not hide those
that would have waited behind it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bench.api import ApiClient
from bench.figures import Figure, at_most
from bench.latencies import Latencies, together
from mailing.progress.queries import read_progress
from mailing.statistics.queries import mailing_statistics

HTTP_A_SECOND = 20
INSIDE_A_SECOND = 4

_STEP = 7  # Through them all, no two of a kind after each other.

_COUNTS = "total pending sending sent failed expired unconfirmed cancelled"
_GROUPS = "value total byStatus { status count }"
_STATISTICS = (
    f"total byStatus {{ status count }} byOperatorCode {{ {_GROUPS} }} byTag {{ {_GROUPS} }} "
    f"byTimezone {{ {_GROUPS} }} failures {{ reason count }}"
)
_MAILING = "query($id: ID!) { mailing(id: $id) {"

_QUERIES = {
    "progress": f"{_MAILING} progress {{ {_COUNTS} messagesPerSecond }} }} }}",
    "statistics and progress": f"{_MAILING} progress {{ {_COUNTS} }} statistics {{ {_STATISTICS} }} }} }}",
    "mailings, all together": f"{{ mailings(first: 20) {{ nodes {{ id status progress {{ {_COUNTS} }} }} }} "
    "statistics { messages byMessageStatus { status count } } }",
    "a page of messages": f"{_MAILING} messages(first: 50) {{ nodes {{ id status sentAt }} }} }} }}",
    "a page of clients": "{ clients(first: 50) { nodes { id phone tag timezone } } }",
}
"""What an administrator's screen asks."""
_ORDER = [
    name
    for name, times in zip(_QUERIES, (8, 1, 5, 3, 3), strict=True)
    for _ in range(times)
]  # fmt: skip
"""One second of it: statistics with all their groups are 800 values, and are looked at now and then."""


@dataclass(slots=True)
class Beside:
    """One light client of the API, and one caller of the service's own functions."""

    http: dict[str, Latencies] = field(default_factory=lambda: {name: Latencies(f"API: {name}") for name in _QUERIES})
    progress: Latencies = field(default_factory=lambda: Latencies("progress, service function"))
    statistics: Latencies = field(default_factory=lambda: Latencies("statistics, service function"))
    failed: int = 0

    async def ask_api(self, api: ApiClient, mailing_id: int) -> None:
        """Until cancelled."""
        variables = {"id": f"mailing_{mailing_id}"}

        def question(number: int) -> Awaitable[None]:
            name = _ORDER[number * _STEP % len(_ORDER)]
            needed = variables if "$id" in _QUERIES[name] else None
            return self._timed(self.http[name], lambda: api.ask(_QUERIES[name], needed))

        await _keep_asking(question, HTTP_A_SECOND)

    async def warm_up(self, api: ApiClient) -> None:
        """Ask everything once: a process that has just started opens connections, and they learn types and plans."""
        for query in _QUERIES.values():
            await api.ask(query, {"id": "mailing_1"} if "$id" in query else None)
        for _ in range(2):  # As many connections as questions meet.
            await asyncio.gather(mailing_statistics([1]), read_progress([1]))

    async def ask_inside(self, mailing_id: int) -> None:
        """Until cancelled."""

        def question(number: int) -> Awaitable[None]:
            if number % 2:
                return self._timed(self.progress, lambda: read_progress([mailing_id]))
            return self._timed(self.statistics, lambda: mailing_statistics([mailing_id]))

        await _keep_asking(question, INSIDE_A_SECOND)

    def figures(self) -> list[Figure]:
        return [
            *self.statistics.figures(at_most(10)),
            *self.progress.figures(at_most(10)),
            *together(f"API, {HTTP_A_SECOND} requests/s, all kinds", list(self.http.values())).figures(at_most(50)),
            *(figure for latencies in self.http.values() for figure in latencies.figures()),
        ]

    @property
    def problems(self) -> list[str]:
        return [f"{self.failed} questions were not answered"] if self.failed else []

    async def _timed(self, latencies: Latencies, ask: Callable[[], Awaitable[object]]) -> None:
        began = time.monotonic()
        try:
            await ask()
        except Exception:
            self.failed += 1
        else:
            latencies.add(time.monotonic() - began)


async def _keep_asking(question: Callable[[int], Awaitable[None]], a_second: float) -> None:
    async with asyncio.TaskGroup() as asked:
        began, number = time.monotonic(), 0
        while True:
            asked.create_task(_as_coroutine(question(number)))
            number += 1
            await asyncio.sleep(max(0, began + number / a_second - time.monotonic()))


async def _as_coroutine(answer: Awaitable[None]) -> None:
    await answer
