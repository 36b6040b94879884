"""How fast the service sends, and what a message costs, beside a floor measured in the same run."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import TypeVar

from bench.delivery import DeliveryRun, measure_delivery
from bench.figures import Aim, Figure, Grid, Section, at_least, middle_of
from bench.floor import FloorRun, measure_floor
from bench.run import TEXT, Run
from bench.statements import statement_grid

AIMS = {0: at_least(0.6), 20: at_least(0.8)}
"""End to end as a share of the floor, by the provider's latency in milliseconds."""

MOST_FLOOR_MESSAGES = 25_000
"""Of each measurement of the floor: enough for some seconds."""

_AnyRun = TypeVar("_AnyRun", FloorRun, DeliveryRun)

_REMARK = (
    "The floor is the same requests by bare aiohttp, with nothing written down and as many in flight. It shares the "
    "cores with the fake provider alone; end to end, workers, PostgreSQL, Valkey and the fake provider compete for "
    "them. Neighbours are processes that are no part of this, the measuring one included: where they take much, trust "
    "the ratio in processor time."
)


async def measure_throughput(run: Run, latency_ms: int) -> Section:
    """Floor and service by turns, so that a neighbour who comes and goes meets both."""
    await run.site.ledger.play(latency_ms=latency_ms)
    try:
        floor, service = [await _floor(run, latency_ms)], []
        for _ in range(run.rounds):
            advance = run.screen.step(f"End to end, {latency_ms} ms", run.messages)
            service.append(await measure_delivery(run.site, run.messages, TEXT, advance))
            floor.append(await _floor(run, latency_ms))
    finally:
        await run.site.ledger.play(latency_ms=0)
    return _section(latency_ms, floor, service)


async def _floor(run: Run, latency_ms: int) -> FloorRun:
    messages = min(run.messages, MOST_FLOOR_MESSAGES)
    advance = run.screen.step(f"Floor, {latency_ms} ms", messages)
    site, senders = run.site, len(run.site.workers)
    assert site.provider.pid is not None, "a site's provider runs"
    measured = await asyncio.to_thread(
        measure_floor, site.settings.provider_url, messages, senders, run.in_flight // senders, site.provider.pid
    )
    advance(messages)
    return measured


def _section(latency_ms: int, floor: Sequence[FloorRun], service: Sequence[DeliveryRun]) -> Section:
    return Section(
        f"throughput_{latency_ms}_ms",
        f"Speed, provider latency {latency_ms} ms",
        _figures(floor, service, AIMS.get(latency_ms)),
        [_costs(_middle(floor), _middle(service)), statement_grid(_middle(service).sent, _middle(service).statements)],
        _REMARK,
        [problem for run in service for problem in run.problems],
        {"floor": [asdict(run) for run in floor], "service": [asdict(run) for run in service]},
    )


def _figures(floor: Sequence[FloorRun], service: Sequence[DeliveryRun], aim: Aim | None) -> list[Figure]:
    bare, sent = [run.per_second for run in floor], [run.per_second for run in service]
    one, other = _middle(floor), _middle(service)
    cpu_ratio = (one.cpu.total / one.messages) / (other.cpu.total / max(other.sent, 1))
    return [
        middle_of("floor: bare aiohttp", bare, "messages/s"),
        middle_of("end to end", sent, "messages/s"),
        Figure("end to end ÷ floor", median(sent) / median(bare), "", aim),
        Figure("the same in processor time", cpu_ratio),
        middle_of("first request after the start", [run.first_request_seconds * 1000 for run in service], "ms"),
    ]


def _costs(floor: FloorRun, service: DeliveryRun) -> Grid:
    rows = [
        (
            name,
            _micro(seconds, service.sent),
            f"{seconds / service.cpu.total:.0%}",
            _micro(floor.cpu.parts[name], floor.messages) if name in floor.cpu.parts else "",
        )
        for name, seconds in service.cpu.parts.items()
    ]
    for name, of_service, of_floor in (
        ("all parts", service.cpu.total, floor.cpu.total),
        ("neighbours", service.cpu.neighbours, floor.cpu.neighbours),
        ("wall clock", service.seconds, floor.seconds),
    ):
        rows.append((name, _micro(of_service, service.sent), "", _micro(of_floor, floor.messages)))
    return Grid("Processor time of one message", ("part", "µs", "share", "floor, µs"), rows)


def _middle(runs: Sequence[_AnyRun]) -> _AnyRun:
    return sorted(runs, key=lambda run: run.per_second)[len(runs) // 2]


def _micro(seconds: float, messages: int) -> str:
    return f"{seconds / max(messages, 1) * 1e6:,.0f}"
