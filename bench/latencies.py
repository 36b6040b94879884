"""How long answers took."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from bench.figures import Aim, Figure


@dataclass(slots=True)
class Latencies:
    """Of one kind of question, in milliseconds, in the order of the answers."""

    name: str
    milliseconds: list[float] = field(default_factory=list)

    def add(self, seconds: float) -> None:
        self.milliseconds.append(seconds * 1000)

    def percentile(self, share: float) -> float:
        """The smallest measured value that at least this share of all does not exceed; 0 without any."""
        ordered = sorted(self.milliseconds)
        return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else 0.0

    def figures(self, aim: Aim | None = None) -> list[Figure]:
        """The middle and the 99th percentile; the aim holds for the latter."""
        times = f"{self.name}, {len(self.milliseconds)} ×"
        lowest, highest = self.percentile(0), self.percentile(1)
        return [
            Figure(f"{times}: p50", self.percentile(0.5), "ms"),
            Figure("  p99", self.percentile(0.99), "ms", aim, lowest, highest),
        ]


def together(name: str, parts: Sequence[Latencies]) -> Latencies:
    """All of them as one kind."""
    return Latencies(name, [value for part in parts for value in part.milliseconds])
