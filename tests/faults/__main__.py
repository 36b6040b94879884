"""`make faults`: plays seeds one after the other. Exit status 1 if one failed."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence

import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.faults.plan import FULL_SIZE, make_plan
from tests.faults.report import fault_table, line, table
from tests.faults.run import Verdict, run


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status."""
    options = _options(arguments)
    seeds = options.seed or range(options.first, options.first + options.seeds)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    console = Console()
    verdicts: list[Verdict] = []
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        task = progress.add_task("", total=len(seeds))
        for seed in seeds:
            progress.update(task, description=f"seed {seed}")
            verdicts.append(asyncio.run(_run(seed, options)))
            progress.console.print(line(verdicts[-1]), highlight=False, markup=False, soft_wrap=True)
            progress.advance(task)
    if len(verdicts) > 1:
        console.print(table(verdicts), fault_table(verdicts))
    return any(verdict.violations for verdict in verdicts)


async def _run(seed: int, options: argparse.Namespace) -> Verdict:
    """SIGTERM ends it as Ctrl-C does: with everything that it started."""
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    return await run(make_plan(seed, options.size), keep_always=options.keep)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="how many seeds to play")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, nargs="+", help="play only this one, or these")
    parser.add_argument("--size", type=int, default=FULL_SIZE, help="messages of the great mailing")
    parser.add_argument("--keep", action="store_true", help="keep logs, journal and books of good runs, too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit("interrupted: everything that was started has ended")
