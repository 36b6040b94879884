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
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from bench import history_queries
from bench import retention_queries as queries
from bench.figures import Figure, Section
from bench.latencies import Latencies
from bench.machine import Machine
from bench.own_server import own_server
from bench.queries import server_version
from bench.report import Report
from bench.screen import Screen
from mailing.db import orm
from mailing.db.migrate import migrate
from mailing.delivery.claim_queries import claim, record
from mailing.delivery.messages import Claimed, Result
from mailing.delivery.slot_queries import Lease, make_slots, take_slot
from mailing.logging import configure_logging
from mailing.models.message import MessageStatus
from mailing.provider.protocol import Answer, Verdict
from mailing.retention.pace import rest_after
from mailing.retention.remover import Remover, Step
from mailing.settings import Settings

BATCH = 500
FLUSH = 100
"""Results that a pump writes at once."""
ALONE_SECONDS = 10.0
LEASE = timedelta(minutes=10)

_REMARK = (
    "Sending here is what a pump does with the database: claims of 500, results of 100 each, one after the other "
    "without a provider between, so it is as busy as one pump can be."
)


async def measure(messages: int, screen: Screen) -> Section:
    """Make the mailings, remove two, send the third."""
    lease, floor_id = await _make(messages, screen)
    advance = screen.step("Removing and sending", 5)
    figures = [Figure(f"{name}, before", size, "MB") for name, size in (await queries.sizes()).items()]
    began = time.perf_counter()
    await queries.remove_in_one_statement(floor_id)
    floor = messages / (time.perf_counter() - began)
    await queries.forget_mailing(floor_id)
    await queries.vacuum()
    figures.append(Figure("floor: one statement", floor, "messages/s"))
    advance(1)

    ends_at = time.monotonic() + ALONE_SECONDS
    figures += await _send(lease, "sending alone", messages // 5, lambda: time.monotonic() > ends_at)
    advance(2)
    remover = Remover(datetime.now(UTC) - timedelta(days=100), days=100)
    for name, is_sending, share in (("steps without a rest", None, 0.3), ("steps at their pace", True, 0.6)):
        figures += await _remove_beside(lease, remover, name, is_sending, round(messages * share))
        advance(3)
    began, before = time.perf_counter(), remover.messages
    while await remover.step() is Step.TAKEN:
        pass
    speed = (remover.messages - before) / (time.perf_counter() - began)
    figures.append(Figure("steps without a rest, nothing beside", speed, "messages/s"))
    figures.append(Figure("  of the floor", speed / floor))
    advance(4)
    began = time.perf_counter()
    await queries.vacuum()
    figures.append(Figure("vacuum afterwards", time.perf_counter() - began, "s"))
    figures += [Figure(f"{name}, after", size, "MB") for name, size in (await queries.sizes()).items()]
    await queries.add_mailing(1, messages, is_over=True)
    figures += [Figure(f"{name}, with as many new", size, "MB") for name, size in (await queries.sizes()).items()]
    advance(5)
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


async def _send(lease: Lease, name: str, most: int, is_over: Callable[[], bool]) -> list[Figure]:
    """What a pump does with the database, one after the other, until it is over or so many are sent."""
    claims, writings, sent, began = Latencies("  claim of 500"), Latencies("  results of 100"), 0, time.perf_counter()
    while sent < most and not is_over():
        asked = time.perf_counter()
        claimed = await claim(lease, LEASE, BATCH)
        claims.add(time.perf_counter() - asked)
        assert claimed is not None, "the lease lasts longer"
        assert claimed[1], "what is sent in all is less than there is"
        for first in range(0, len(claimed[1]), FLUSH):
            part = claimed[1][first : first + FLUSH]
            asked = time.perf_counter()
            await record(lease, LEASE, [_accepted(message) for message in part])
            writings.add(time.perf_counter() - asked)
            sent += len(part)
    speed = Figure(f"{name}: sent", sent / (time.perf_counter() - began), "messages/s")
    return [speed, *claims.figures(), *writings.figures()]


async def _remove_beside(
    lease: Lease, remover: Remover, name: str, is_sending: bool | None, messages: int
) -> list[Figure]:
    """Remove about so many while messages are sent; `is_sending` None: without a rest."""
    steps, before, began = Latencies("  one step"), remover.messages, time.perf_counter()

    async def remove() -> None:
        while remover.messages - before < messages and await remover.step() is Step.TAKEN:
            steps.add(remover.seconds)
            if is_sending is not None:
                await asyncio.sleep(rest_after(remover.seconds, is_sending=is_sending))

    removing = asyncio.create_task(remove())
    figures = await _send(lease, f"beside {name}", messages // 2, removing.done)
    await removing
    speed = (remover.messages - before) / (time.perf_counter() - began)
    return [*figures, Figure("  removed", speed, "messages/s"), *steps.figures()]


def _accepted(message: Claimed) -> Result:
    answer = Answer(Verdict.ACCEPTED, "", datetime.now(UTC), 15, 200, 0)
    return Result(message, MessageStatus.SENT, answer=answer, text_version=1)


async def _run(url: str, messages: int) -> Report:
    settings = Settings(database_url=url)
    await migrate(settings)
    async with orm.connected(settings):
        with Screen() as screen:
            section = await measure(messages, screen)
        return Report(Machine(), await server_version(), 0, 0, [section])


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.retention", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000, help="of each of the three mailings")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    configure_logging(Settings(log_level="WARNING"), process="bench")
    with own_server("retention", fast=False) as server:
        report = asyncio.run(_run(server.url, options.messages))
    report.show(Console())
    if options.json:
        report.write(options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
