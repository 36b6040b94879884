"""What was measured, in one shape for people and for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure is to reach."""

    bound: float
    at_most: bool = False

    def is_met_by(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {number(self.bound)}"


def at_most(bound: float) -> Aim:
    return Aim(bound, at_most=True)


def at_least(bound: float) -> Aim:
    return Aim(bound)


@dataclass(frozen=True, slots=True)
class Figure:
    """One value, and where it was measured several times, the lowest and the highest around it."""

    what: str
    value: float
    unit: str = ""
    aim: Aim | None = None
    lowest: float | None = None
    highest: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether it reaches its aim; None without one."""
        return None if self.aim is None else self.aim.is_met_by(self.value)


def middle_of(what: str, values: Sequence[float], unit: str = "", aim: Aim | None = None) -> Figure:
    """A figure of several measurements: the one in the middle counts."""
    return Figure(what, median(values), unit, aim, min(values), max(values))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of its own shape, such as a breakdown. The first column is text, the others are numbers or remarks."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Section:
    """All that one measurement tells."""

    key: str
    title: str
    figures: Sequence[Figure]
    grids: Sequence[Grid] = ()
    remark: str = ""
    """What a reader must know to read the figures right."""
    problems: Sequence[str] = ()
    """What must not happen, such as a lost message; any makes the bench fail."""
    measured: Mapping[str, Any] = field(default_factory=dict)
    """Everything that was measured, for the JSON."""


def number(value: float) -> str:
    """As many digits as a reader can use."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
