"""What was measured, for people and for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from bench.floor import FloorRun
from bench.machine import Machine
from bench.selection import SelectionRun
from bench.service import ServiceRun

Run = TypeVar("Run", FloorRun, ServiceRun)

AIM = 0.5
"""End to end, as a share of the floor."""


@dataclass(frozen=True, slots=True)
class Report:
    """One run of the bench."""

    machine: Machine
    postgres: str
    workers: int
    in_flight: int
    """Requests of all workers together."""
    floor: Sequence[FloorRun]
    service: Sequence[ServiceRun]
    selection: SelectionRun

    @property
    def ratio(self) -> float:
        """The middle of the service's runs over the middle of the floor's."""
        return median(run.per_second for run in self.service) / median(run.per_second for run in self.floor)

    @property
    def cpu_ratio(self) -> float:
        """Processor time of a message of the floor over that of one of the service: neighbours hardly move it."""
        floor, service = _middle(self.floor), _middle(self.service)
        return (floor.cpu.total / floor.messages) / (service.cpu.total / max(service.sent, 1))

    @property
    def is_complete(self) -> bool:
        """Every message of every run is accounted for, and none went out twice."""
        return all(run.is_complete for run in self.service)

    def show(self, console: Console) -> None:
        console.print(_machine_line(self))
        console.print(_speed(self))
        console.print(_costs(self))
        console.print(_REMARK, style="dim")
        if not self.is_complete:
            for run in self.service:
                console.print(
                    f"[red]{run.messages} messages: {run.sent} SENT, {run.accepted} at the provider, "
                    f"{run.repeated} of them repeated[/red]"
                )

    def write(self, path: Path) -> None:
        """As JSON: every run with all that was measured of it."""
        figures = {"ratio": self.ratio, "cpu_ratio": self.cpu_ratio, "is_complete": self.is_complete} | asdict(self)
        path.write_text(json.dumps(figures, indent=2) + "\n")


_REMARK = (
    "The floor has the cores almost to itself: it shares them with the fake provider alone. End to end, workers, "
    "PostgreSQL, Valkey and the fake provider compete for the same cores. Neighbours are processes that are no part of "
    "this, the measuring one included: where they take much, trust the ratio in processor time."
)


def _machine_line(report: Report) -> str:
    machine = report.machine
    libraries = ", ".join(f"{name} {number}" for name, number in machine.libraries.items())
    return (
        f"{machine.cores} cores ({machine.system}), load before the run {machine.load_before:.1f}; "
        f"Python {machine.python}, PostgreSQL {report.postgres}, {libraries}"
    )


def _speed(report: Report) -> Table:
    table = Table(title="Speed", title_justify="left")
    table.add_column("measured")
    for heading in ("lowest", "middle", "highest", "unit"):
        table.add_column(heading, justify="left" if heading == "unit" else "right")
    shape = f"{report.workers} processes, {report.in_flight} requests in flight"
    _add_range(table, f"floor: bare aiohttp, {shape}", [run.per_second for run in report.floor], "messages/s")
    _add_range(table, f"end to end, {shape}", [run.per_second for run in report.service], "messages/s")
    table.add_row("end to end ÷ floor", "", f"[bold]{report.ratio:.2f}[/bold]", "", f"aim: {AIM}")
    table.add_row("the same in processor time", "", f"{report.cpu_ratio:.2f}", "", "")
    first = [run.first_request_seconds * 1000 for run in report.service]
    _add_range(table, "first request after the start", first, "ms")
    rows = report.selection.per_second
    table.add_row(f"start: {report.selection.rows:,} rows written", "", f"{rows:,.0f}", "", "rows/s")
    return table


def _add_range(table: Table, what: str, values: Sequence[float], unit: str) -> None:
    table.add_row(what, *(f"{value:,.0f}" for value in (min(values), median(values), max(values))), unit)


def _costs(report: Report) -> Table:
    """Of the service's run of middle speed, and the floor's."""
    floor, service = _middle(report.floor), _middle(report.service)
    table = Table(title="Cost of one message", title_justify="left")
    table.add_column("part")
    for heading in ("µs of processor", "share", "floor, µs"):
        table.add_column(heading, justify="right")
    for name, seconds in service.cpu.parts.items():
        beside = floor.cpu.parts.get(name)
        table.add_row(
            name,
            _micro(seconds, service.sent),
            f"{seconds / service.cpu.total:.0%}",
            "" if beside is None else _micro(beside, floor.messages),
        )
    table.add_row("all parts", _micro(service.cpu.total, service.sent), "", _micro(floor.cpu.total, floor.messages))
    table.add_row(
        "neighbours", _micro(service.cpu.neighbours, service.sent), "", _micro(floor.cpu.neighbours, floor.messages)
    )
    table.add_row("wall clock", _micro(service.seconds, service.sent), "", _micro(floor.seconds, floor.messages))
    table.add_section()
    statements = service.statements
    table.add_row("inside claims", _micro(statements.claim_seconds, service.sent), _each(service, statements.claims))
    table.add_row("inside records", _micro(statements.record_seconds, service.sent), _each(service, statements.records))
    table.add_row("statements a message", f"{statements.total / service.sent:.4f}", f"{statements.total} in all")
    return table


def _middle(runs: Sequence[Run]) -> Run:
    return sorted(runs, key=lambda run: run.per_second)[len(runs) // 2]


def _micro(seconds: float, messages: int) -> str:
    return f"{seconds / max(messages, 1) * 1e6:,.0f}"


def _each(run: ServiceRun, statements: int) -> str:
    return f"{run.sent / max(statements, 1):.0f} messages each"
