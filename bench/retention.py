"""What it costs to remove old messages, and what sending feels of it.

    python -m bench.retention --messages 1000000

Makes a PostgreSQL of its own, as durable as in production, with three mailings of that many messages: one is removed in
one statement, which is the floor, one in the steps of the product, and of one messages are claimed and results written,
with nothing beside it and beside the removal. Leaves nothing behind.
"""

import argparse
import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from bench import history_queries
from bench import retention_queries as queries
from bench.figures import Figure, Section
from bench.machine import Machine
from bench.own_server import own_server
from bench.queries import server_version
from bench.report import Report
from bench.retention_rounds import LEASE, Manner
from bench.screen import Screen
from mailing.db import orm
from mailing.db.migrate import migrate
from mailing.delivery.slot_queries import Lease, make_slots, take_slot
from mailing.logging import configure_logging
from mailing.retention.remover import Remover, Step
from mailing.settings import Settings

ROUNDS = 5

_REMARK = (
    "Sending here is what a pump does with the database: claims of 500, results of 100 each, one after the other "
    "without a provider between, so it is as busy as one pump can be."
)


async def measure(messages: int, round_seconds: float, screen: Screen) -> Section:
    """Make the mailings, remove two, send the third."""
    lease, floor_id = await _make(messages, screen)
    figures = [Figure(f"{name}, before", size, "MB") for name, size in (await queries.sizes()).items()]
    began = time.perf_counter()
    await queries.remove_in_one_statement(floor_id)
    floor = messages / (time.perf_counter() - began)
    await queries.forget_mailing(floor_id)
    await queries.vacuum()
    figures.append(Figure("floor: one statement", floor, "messages/s"))

    remover = Remover(datetime.now(UTC) - timedelta(days=100), days=100)
    advance = screen.step("Sending, alone and beside", ROUNDS)
    manners = [
        Manner("sending alone"),
        Manner("beside steps at their pace", 1),
        Manner("beside steps without a rest", 0),
    ]
    for n in range(ROUNDS):  # By turns, for neighbours come and go.
        for manner in manners:
            await manner.round(lease, remover, round_seconds)
        advance(n + 1)
    figures += [figure for manner in manners for figure in manner.figures()]

    began, before = time.perf_counter(), remover.messages
    while await remover.step() is Step.TAKEN:
        pass
    speed = (remover.messages - before) / (time.perf_counter() - began)
    figures += [
        Figure("steps without a rest, nothing beside", speed, "messages/s"),
        Figure("  of the floor", speed / floor),
    ]
    began = time.perf_counter()
    await queries.vacuum()
    figures.append(Figure("vacuum afterwards", time.perf_counter() - began, "s"))
    figures += [Figure(f"{name}, after", size, "MB") for name, size in (await queries.sizes()).items()]
    await queries.add_mailing(1, messages, is_over=True)
    figures += [Figure(f"{name}, with as many new", size, "MB") for name, size in (await queries.sizes()).items()]
    return Section("retention", f"Removing {messages:,} messages", figures, remark=_REMARK)


async def _make(messages: int, screen: Screen) -> tuple[Lease, int]:
    """A lease of the mailing that is to be sent, and the one that the floor removes."""
    advance = screen.step("Making mailings", 4)
    for first in range(1, messages + 1, history_queries.CHUNK):
        await history_queries.add_clients(first, min(messages, first + history_queries.CHUNK - 1))
    advance(1)
    floor_id = await queries.add_mailing(300, messages, is_over=True)
    advance(2)
    await queries.add_mailing(299, messages, is_over=True)
    advance(3)
    sent_id = await queries.add_mailing(1, messages, is_over=False)
    await history_queries.tidy()
    await make_slots(sent_id, 1)
    lease = await take_slot(sent_id, "bench", LEASE)
    assert lease is not None, "nobody else takes it"
    advance(4)
    return lease, floor_id


async def _run(url: str, messages: int, round_seconds: float) -> Report:
    settings = Settings(database_url=url)
    await migrate(settings)
    async with orm.connected(settings):
        with Screen() as screen:
            section = await measure(messages, round_seconds, screen)
        return Report(Machine(), await server_version(), 0, 0, [section])


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.retention", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000, help="of each of the three mailings")
    parser.add_argument(
        "--round-seconds", type=float, default=3.0, help="of each of 15 rounds: alone, beside, and so on"
    )
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--fast", action="store_true", help="wait for no disk: for a look at whether it works")
    options = parser.parse_args()
    configure_logging(Settings(log_level="WARNING"), process="bench")
    with own_server("retention", fast=options.fast) as server:
        report = asyncio.run(_run(server.url, options.messages, options.round_seconds))
    report.show(Console())
    if options.json:
        report.write(options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
