"""How fast the service sends, and what a message costs, beside a floor measured in the same run.

    make bench ARGS="--messages 50000 --rounds 2 --json figures.json"

Starts servers, workers, scheduler and a fake provider of its own and leaves nothing behind. Exit status 1 if a
message was lost or repeated. Variables such as MAILING_PUMP_SLOTS hold, so that other settings can be tried.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bench.floor import TEXT, FloorRun, measure_floor
from bench.machine import Machine
from bench.queries import add_clients, server_version
from bench.report import Report
from bench.selection import SelectionRun, measure_selection
from bench.service import ServiceRun, measure_service
from bench.site import Site, site
from mailing import jobs
from mailing.db import orm
from mailing.logging import configure_logging
from tasks.broker import make_broker
from tasks.sending import through

MOST_FLOOR_MESSAGES = 25_000
"""Of each measurement of the floor: enough for some seconds."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status."""
    asked = _parse(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    machine = Machine()
    with _progress() as progress, site(asked.workers) as running:
        configure_logging(running.settings, process="bench")
        bench = _Bench(asked, running, progress)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            report = runner.run(bench.run(machine))
    report.show(Console())
    if asked.json:
        report.write(asked.json)
    return 0 if report.is_complete else 1


class _Bench:
    """The steps of one run, each with its line on the screen."""

    def __init__(self, asked: argparse.Namespace, site: Site, progress: Progress) -> None:
        self._asked = asked
        self._site = site
        self._progress = progress
        settings = site.settings
        self._in_flight = settings.pump_slots * settings.pump_concurrency

    async def run(self, machine: Machine) -> Report:
        settings = self._site.settings
        assert settings.redis_url is not None, "a site has a Valkey"
        async with orm.connected(settings):
            selection = await self._measure_selection()
            self._site.start_programs()
            broker = make_broker(settings.redis_url)
            jobs.send_through(through(broker))
            floor, service = await self._measure_in_turn()
            broker.close()
            return Report(
                machine, await server_version(), self._asked.workers, self._in_flight, floor, service, selection
            )

    async def _measure_selection(self) -> SelectionRun:
        step = self._step("Writing messages", self._asked.clients)
        await add_clients(self._asked.clients, self._asked.messages)
        selection = await measure_selection(TEXT)
        self._progress.update(step, completed=selection.rows)
        return selection

    async def _measure_in_turn(self) -> tuple[list[FloorRun], list[ServiceRun]]:
        """Floor and service by turns, so that a neighbour who comes and goes meets both."""
        floor, service = [await self._measure_floor()], []
        for _ in range(self._asked.rounds):
            service.append(await self._measure_service())
            floor.append(await self._measure_floor())
        return floor, service

    async def _measure_floor(self) -> FloorRun:
        messages = min(self._asked.messages, MOST_FLOOR_MESSAGES)
        step = self._step("Floor", messages)
        pid = self._site.provider.pid
        assert pid is not None, "a site's provider runs"
        run = await asyncio.to_thread(
            measure_floor,
            self._site.settings.provider_url,
            messages,
            self._asked.workers,
            self._in_flight // self._asked.workers,
            pid,
        )
        self._progress.update(step, completed=messages)
        return run

    async def _measure_service(self) -> ServiceRun:
        step = self._step("End to end", self._asked.messages)
        return await measure_service(
            self._site, self._asked.messages, TEXT, lambda done: self._progress.update(step, completed=done)
        )

    def _step(self, what: str, total: int) -> TaskID:
        return self._progress.add_task(what, total=total)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.throughput", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=50_000, help="of each mailing (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=200_000, help="to select at the start (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="worker processes (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=2, help="mailings, a floor around each (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write every figure there, too")
    asked = parser.parse_args(arguments)
    if min(asked.messages, asked.workers, asked.rounds) < 1:
        parser.error("--messages, --workers and --rounds must be at least 1")
    if asked.messages < asked.workers:
        parser.error("--messages must be at least one for each of --workers")
    asked.clients = max(asked.clients, asked.messages)
    return asked


if __name__ == "__main__":
    sys.exit(main())
