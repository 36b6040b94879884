"""How long it takes to tell what happened, in a database with a long history.

    python -m bench.history --clients 1000000 --mailings 10

Makes a PostgreSQL of its own with that many messages (clients × mailings), asks about clients and messages by chance
one after the other, and leaves nothing behind. Exit status 1 if an explanation misses its aim.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console

from bench import history_queries as queries
from bench.figures import Figure, Section, at_most
from bench.latencies import Latencies
from bench.machine import Machine
from bench.own_server import own_server
from bench.queries import server_version
from bench.report import Report
from bench.screen import Screen
from mailing.db import orm
from mailing.db.migrate import migrate
from mailing.explanation.service import explain_delivery
from mailing.logging import configure_logging
from mailing.paging import Slice
from mailing.settings import Settings
from mailing.timeline.client_queries import pages_of_clients
from mailing.timeline.entries import Place
from mailing.timeline.mailing_queries import pages_of_mailings
from mailing.timeline.messages import timelines_of_messages

MOST_MILLISECONDS = 50
"""An explanation is to take at most, at ten million messages."""
BUSY_CLIENT = 1
"""Whom many small mailings were for."""
SMALL_MAILINGS = 1_000
OUTAGES = 500

_REMARK = (
    "Each question by itself, about a client and a mailing by chance, as the product answers it; the API adds a "
    "millisecond or two. Of the messages nine in ten were sent at once, the others failed after five tries, expired or "
    "wait."
)


async def measure(clients: int, mailings: int, questions: int, screen: Screen) -> Section:
    """Make the history and ask."""
    mailing_ids = await _make(clients, mailings, screen)
    messages = clients * mailings
    newest: Slice[Place] = Slice(50, from_end=True)

    def client() -> int:
        return random.randint(1, clients)

    asked: dict[str, Callable[[], Awaitable[object]]] = {
        "explain": lambda: explain_delivery(client(), random.choice(mailing_ids)),
        "timeline of a message": lambda: timelines_of_messages([random.randint(1, messages)]),
        "timeline of a client, the last 50": lambda: pages_of_clients([client()], newest),
        f"the same, of one with {SMALL_MAILINGS:,} messages more": lambda: pages_of_clients([BUSY_CLIENT], newest),
        "timeline of a mailing, the last 50": lambda: pages_of_mailings([random.choice(mailing_ids)], newest),
    }
    figures: list[Figure] = []
    for name, ask in asked.items():
        latencies = await _ask(Latencies(name), ask, questions, screen)
        figures += latencies.figures(at_most(MOST_MILLISECONDS) if name == "explain" else None)
    figures += [Figure(f"table {name}", size, "MB") for name, size in (await queries.sizes()).items()]
    return Section("history", f"What happened, among {messages:,} messages", figures, remark=_REMARK)


async def _make(clients: int, mailings: int, screen: Screen) -> list[int]:
    advance = screen.step("Making the history", clients * (mailings + 1))
    done = 0
    for first in range(1, clients + 1, queries.CHUNK):
        last = min(clients, first + queries.CHUNK - 1)
        await queries.add_clients(first, last)
        done += last - first + 1
        advance(done)
    mailing_ids = [await queries.add_mailing(300 - n, is_over=n < mailings - 1) for n in range(mailings)]
    for mailing_id in mailing_ids:
        for first in range(1, clients + 1, queries.CHUNK):
            last = min(clients, first + queries.CHUNK - 1)
            await queries.add_messages(mailing_id, first, last)
            done += last - first + 1
            advance(done)
    for n in range(SMALL_MAILINGS):
        await queries.add_messages(await queries.add_mailing(290 - n // 4, is_over=True), BUSY_CLIENT, BUSY_CLIENT)
    await queries.add_outages(OUTAGES)
    await queries.tidy()
    return mailing_ids


async def _ask(latencies: Latencies, ask: Callable[[], Awaitable[object]], questions: int, screen: Screen) -> Latencies:
    advance = screen.step(latencies.name, questions)
    for n in range(questions):
        began = time.perf_counter()
        answer = await ask()
        latencies.add(time.perf_counter() - began)
        assert answer is not None, f"{latencies.name}: no answer"
        advance(n + 1)
    return latencies


async def _run(url: str, clients: int, mailings: int, questions: int) -> Report:
    settings = Settings(database_url=url)
    await migrate(settings)
    async with orm.connected(settings):
        with Screen() as screen:
            section = await measure(clients, mailings, questions, screen)
        return Report(Machine(), await server_version(), 0, 0, [section])


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.history", description=__doc__)
    parser.add_argument("--clients", type=int, default=1_000_000)
    parser.add_argument("--mailings", type=int, default=10, help="each to all clients")
    parser.add_argument("--questions", type=int, default=1_000, help="of each kind")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    configure_logging(Settings(log_level="WARNING"), process="bench")
    with own_server("history", fast=True) as server:
        report = asyncio.run(_run(server.url, options.clients, options.mailings, options.questions))
    report.show(Console())
    if options.json:
        report.write(options.json)
    missed = [figure for section in report.sections for figure in section.figures if figure.is_met is False]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
