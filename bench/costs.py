"""Where the processor time of a message goes inside a worker, by what py-spy sees in one worker in full flight."""

import asyncio
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.delivery import DeliveryRun, measure_delivery
from bench.figures import Figure, Grid, Section
from bench.run import TEXT, Run

SAMPLES_A_SECOND = 200
_SETTLE_SECONDS = 1.0
_MOST_FUNCTIONS = 15

_LOOP: Final = "event loop (uvloop)"

# A sample belongs to the first of these that a frame's path holds, looked for from the innermost frame outwards. The
# standard library is in none of them: what it does is a cost of whoever called it.
_PARTS: Final = {
    "/aiohttp/": "aiohttp",
    "/multidict/": "aiohttp",
    "/yarl/": "aiohttp",
    "/httptools/": "our HTTP client",
    "/mailing/provider/": "our HTTP client",
    "/asyncpg/": "asyncpg",
    "/tortoise/": "Tortoise",
    "/dramatiq/asyncio": _LOOP,
    "/dramatiq/": "Dramatiq",
    "/redis/": "redis-py",
    "/structlog/": "logging",
    "/mailing/logging": "logging",
    "/mailing/delivery/senders": "senders",
    "/mailing/delivery/outcome": "outcome of an answer",
    "/mailing/delivery/claim_queries": "claim and record, our side",
    "/mailing/delivery/pump": "pump",
    "/mailing/delivery/": "delivery, the rest",
    "/mailing/progress/": "progress",
    "/mailing/": "mailing, the rest",
    "/tasks/": "tasks",
}
_REMARK = (
    "py-spy looks at one worker 200 times a second while a mailing is in full flight, at the thread that holds the "
    "GIL: waiting costs nothing. C code counts for the Python function that called it; what uvloop does by itself "
    "(reading, timers, callbacks) has no Python frame and is the event loop's. Microseconds are its share of the "
    "workers' processor time for each message of that mailing."
)


async def measure_costs(run: Run) -> Section:
    """Send a mailing while one of its workers is looked at."""
    pid = run.site.workers[0].pid
    assert pid is not None, "a site's workers run"
    advance = run.screen.step("Where the time goes", run.messages)
    with tempfile.TemporaryDirectory(prefix="mailing-bench-") as folder:
        stacks = Path(folder) / "stacks.txt"
        delivery, said = await asyncio.gather(
            measure_delivery(run.site, run.messages, TEXT, advance), _spy(pid, stacks, run.messages)
        )
        samples = read_stacks(stacks.read_text().splitlines()) if stacks.exists() else []
    return _section(delivery, samples, said)


Stack = tuple[list[str], int]
"""Frames from the outermost to the innermost, each `function (path:line)`, and how often it was seen."""


def read_stacks(lines: Iterable[str]) -> list[Stack]:
    """What `py-spy record --format raw` wrote."""
    split = (line.rpartition(" ") for line in lines)
    return [(frames.split(";"), int(count)) for frames, _, count in split]


def part_of(frames: list[str]) -> str:
    """Whose cost a sample is."""
    for frame in reversed(frames):
        for path, part in _PARTS.items():
            if path in frame:
                return part
    return _LOOP


async def _spy(pid: int, into: Path, messages: int) -> str:
    """Record while most of a mailing goes out; what py-spy said if it could not."""
    await asyncio.sleep(_SETTLE_SECONDS)
    seconds = max(1, min(5, messages // 10_000))
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("py-spy"), "record", "--pid", str(pid), "--duration", str(seconds),
        "--rate", str(SAMPLES_A_SECOND), "--gil", "--format", "raw", "--full-filenames", "--output", str(into),
        env={**os.environ, "NO_COLOR": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return "" if process.returncode == 0 else said.decode(errors="replace").strip()


def _section(delivery: DeliveryRun, samples: list[Stack], said: str) -> Section:
    seen = sum(count for _, count in samples)
    workers = sum(seconds for name, seconds in delivery.cpu.parts.items() if name.startswith("worker"))
    micros = workers / max(delivery.sent, 1) * 1e6
    return Section(
        "costs",
        "Where the processor time of a worker goes",
        [Figure("workers, for each message", micros, "µs"), Figure("samples", seen)],
        [_parts(samples, seen, micros), _functions(samples, seen, micros)] if seen else [],
        _REMARK if seen else f"py-spy saw nothing. It needs the right to trace other processes. {said}",
        delivery.problems,
        {"delivery": asdict(delivery), "parts": dict(_by_part(samples))},
    )


def _by_part(samples: list[Stack]) -> Counter[str]:
    parts: Counter[str] = Counter()
    for frames, count in samples:
        parts[part_of(frames)] += count
    return parts


def _parts(samples: list[Stack], seen: int, micros: float) -> Grid:
    rows = [_row(part, count, seen, micros) for part, count in _by_part(samples).most_common()]
    return Grid("By part", ("part", "share", "µs a message"), rows)


def _functions(samples: list[Stack], seen: int, micros: float) -> Grid:
    """The functions in which most samples end."""
    functions: Counter[str] = Counter()
    for frames, count in samples:
        functions[_short(frames[-1])] += count
    rows = [_row(name, count, seen, micros) for name, count in functions.most_common(_MOST_FUNCTIONS)]
    return Grid("By function, without what it calls", ("function", "share", "µs a message"), rows)


def _row(name: str, count: int, seen: int, micros: float) -> tuple[str, str, str]:
    return name, f"{count / seen:.1%}", f"{count / seen * micros:.1f}"


def _short(frame: str) -> str:
    """The path from the package on, without the line."""
    path = frame.rpartition(":")[0]
    for root in ("/site-packages/", "/lib/python"):
        before, found, rest = path.partition(root)
        if found:
            return f"{before.rpartition('(')[0]}({rest})"
    return f"{path.rpartition('(')[0]}({'/'.join(path.rpartition('(')[2].rsplit('/', 3)[1:])})"
