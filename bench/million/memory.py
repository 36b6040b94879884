"""The memory of worker processes over the time of a mailing."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from bench.figures import Figure, Grid, at_most

MOST_MB = at_most(200)

_LOOK_SECONDS = 1.0
_SHOWN = (0.1, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Sample:
    """One process at one moment. PSS counts memory that processes share only once among them."""

    done: float
    """How much of the mailing was done, from 0 to 1."""
    rss_mb: float
    pss_mb: float


@dataclass(slots=True)
class Memory:
    """Samples of every process by its name."""

    samples: dict[str, list[Sample]] = field(default_factory=dict)

    async def watch(self, processes: Callable[[], Mapping[str, int]], done: Callable[[], float]) -> None:
        """Look once a second until cancelled. A process that is gone is left out; its successor goes on for it."""
        while True:
            for name, pid in processes().items():
                with suppress(psutil.NoSuchProcess):
                    used = await asyncio.to_thread(psutil.Process(pid).memory_full_info)
                    sample = Sample(done(), used.rss / 1e6, used.pss / 1e6)
                    self.samples.setdefault(name, []).append(sample)
            await asyncio.sleep(_LOOK_SECONDS)

    def figures(self) -> list[Figure]:
        return [
            Figure(f"memory of {name}, peak (RSS)", max(sample.rss_mb for sample in samples), "MB", MOST_MB)
            for name, samples in self.samples.items()
        ]

    def grid(self) -> Grid:
        """RSS (PSS) of each process at some shares of the mailing, and the peak."""
        return Grid(
            "Memory, MB of RSS (PSS)",
            ("process", *(f"at {share:.0%}" for share in _SHOWN), "peak"),
            [
                (
                    name,
                    *(_shown(_at(share, samples)) for share in _SHOWN),
                    _shown(max(samples, key=lambda sample: sample.rss_mb)),
                )
                for name, samples in self.samples.items()
            ],
        )


def _at(share: float, samples: list[Sample]) -> Sample:
    """The sample nearest to that share of the mailing."""
    return min(samples, key=lambda sample: abs(sample.done - share))


def _shown(sample: Sample) -> str:
    return f"{sample.rss_mb:.0f} ({sample.pss_mb:.0f})"
