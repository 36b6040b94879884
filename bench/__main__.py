"""Measures the service, beside floors measured in the same run, and says what misses its aim.

    make bench ARGS="--messages 50000 --rounds 2 --json figures.json"
    make bench-million

Starts servers, workers, scheduler, API and a fake provider of its own and leaves nothing behind. Exit status 1 if a
message was lost or repeated. Variables such as MAILING_PUMP_SLOTS hold, so that other settings can be tried.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bench.costs import measure_costs
from bench.edge import measure_edge
from bench.figures import Section
from bench.machine import Machine
from bench.million import measure_large
from bench.queries import FEW, add_clients, server_version
from bench.rate import measure_rate
from bench.report import Report
from bench.run import Run
from bench.screen import Screen
from bench.selection import measure_selection
from bench.site import site
from bench.stopping import StopSignal
from bench.throughput import measure_throughput
from mailing import jobs
from mailing.db import orm
from mailing.logging import configure_logging
from tasks.broker import make_broker
from tasks.sending import through

PARTS = ("selection", "edge", "throughput", "costs", "large", "rate")
LATENCIES_MS = (0, 20)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status."""
    asked = _parse(arguments)
    stop_signal = StopSignal()
    machine = Machine()
    with Screen() as screen, site(asked.workers) as running:
        configure_logging(running.settings, process="bench")
        run = Run(running, screen, asked.messages, asked.rounds)
        report = stop_signal.run(_measure(run, asked, machine))
    report.show(Console(width=None if sys.stdout.isatty() else 120))
    if asked.json:
        report.write(asked.json)
    return 1 if report.problems else 0


async def _measure(run: Run, asked: argparse.Namespace, machine: Machine) -> Report:
    settings = run.site.settings
    assert settings.redis_url is not None, "a site has a Valkey"
    async with orm.connected(settings):
        sections = await _sections(run, asked, settings.redis_url)
        return Report(machine, await server_version(), asked.workers, run.in_flight, sections)


async def _sections(run: Run, asked: argparse.Namespace, redis_url: str) -> list[Section]:
    """What needs the machine to itself first; what needs more workers than the others last."""
    sections = []
    await add_clients(asked.clients, run.messages)
    if "selection" in asked.only:
        sections.append(await measure_selection(run, asked.clients))
    run.site.start_programs()
    broker = make_broker(redis_url)
    jobs.send_through(through(broker))
    if "edge" in asked.only:
        sections.append(await measure_edge(run))
    if "throughput" in asked.only:
        sections += [await measure_throughput(run, latency_ms) for latency_ms in LATENCIES_MS]
    if "costs" in asked.only:
        sections.append(await measure_costs(run))
    if "large" in asked.only:
        sections.append(await measure_large(run, asked.clients + FEW))
    if "rate" in asked.only:
        sections.append(await measure_rate(run))
    broker.close()
    return sections


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--messages",
        type=int,
        default=50_000,
        help="of each mailing that is timed beside a floor (default: %(default)s)",
    )
    parser.add_argument(
        "--clients", type=int, default=100_000, help="all of whom get the large mailing (default: %(default)s)"
    )
    parser.add_argument("--workers", type=int, default=2, help="worker processes (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=2, help="mailings, a floor around each (default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure nothing else")
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
