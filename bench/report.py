"""The report of one run: every section as tables on the screen, or all as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import Figure, Grid, Section, number
from bench.machine import Machine


@dataclass(frozen=True, slots=True)
class Report:
    """What one run of the bench measured."""

    machine: Machine
    postgres: str
    workers: int
    in_flight: int
    """Requests of all workers together that one mailing may have on their way."""
    sections: Sequence[Section]

    @property
    def problems(self) -> list[str]:
        return [f"{section.title}: {problem}" for section in self.sections for problem in section.problems]

    def show(self, console: Console) -> None:
        console.print(_machine_line(self))
        for section in self.sections:
            console.print()
            _show_section(section, console)
        for problem in self.problems:
            console.print(f"[red]{problem}[/red]")

    def write(self, path: Path) -> None:
        """As JSON: every figure, and under `measured` all that it was made of."""
        path.write_text(json.dumps(asdict(self) | {"problems": self.problems}, indent=2, default=str) + "\n")


def _machine_line(report: Report) -> str:
    machine = report.machine
    libraries = ", ".join(f"{name} {number}" for name, number in machine.libraries.items())
    return (
        f"{machine.cores} cores ({machine.system}), load before the run {machine.load_before:.1f}; "
        f"Python {machine.python}, PostgreSQL {report.postgres}, {libraries}; "
        f"{report.workers} workers, {report.in_flight} requests in flight"
    )


def _show_section(section: Section, console: Console) -> None:
    console.print(_figures(section.title, section.figures))
    for grid in section.grids:
        console.print(_grid(grid))
    if section.remark:
        console.print(section.remark, style="dim")


def _figures(title: str, figures: Sequence[Figure]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("measured")
    table.add_column("value", justify="right")
    table.add_column("unit")
    table.add_column("from … to", justify="right")
    table.add_column("aim")
    for figure in figures:
        table.add_row(figure.what, number(figure.value), figure.unit, _spread(figure), _verdict(figure))
    return table


def _spread(figure: Figure) -> str:
    if figure.lowest is None or figure.highest is None:
        return ""
    return f"{number(figure.lowest)} … {number(figure.highest)}"


def _verdict(figure: Figure) -> str:
    if figure.aim is None:
        return ""
    return f"[green]{figure.aim}: met[/green]" if figure.is_met else f"[red]{figure.aim}: missed[/red]"


def _grid(grid: Grid) -> Table:
    table = Table(title=grid.title, title_justify="left")
    for place, heading in enumerate(grid.headings):
        table.add_column(heading, justify="right" if place else "left")
    for row in grid.rows:
        table.add_row(*row)
    return table
