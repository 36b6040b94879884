"""Faults of our own processes. Killed or ended, they stay away for `seconds` until a supervisor starts them again."""

import asyncio
import signal
from typing import TYPE_CHECKING

from tests.faults.kinds import API, SCHEDULERS, WORKERS, Fault

if TYPE_CHECKING:
    from tests.faults.site import Site

HOUR_AHEAD, HOUR_BACK = signal.SIGUSR1, signal.SIGUSR2
"""What steps the wall clock of a worker that `skewed_worker` started."""

LONGEST_STOP_SECONDS = 15
"""Who is told to stop and has not by then is killed, as by any supervisor. A worker allows itself 6.5 s."""


async def kill(site: "Site", target: str, seconds: float) -> None:
    """SIGKILL."""
    program = site.programs[target]
    with program.in_play():
        program.signal(signal.SIGKILL)
        await program.ended(5)
        await asyncio.sleep(seconds)
        program.launch()


async def terminate(site: "Site", target: str, seconds: float) -> None:
    """SIGTERM, and time to finish."""
    program = site.programs[target]
    with program.in_play():
        program.signal(signal.SIGTERM)
        if not await program.ended(LONGEST_STOP_SECONDS):
            site.note(f"{target} did not stop within {LONGEST_STOP_SECONDS} s")
            program.signal(signal.SIGKILL)
            await program.ended(5)
        await asyncio.sleep(seconds)
        program.launch()


async def freeze(site: "Site", target: str, seconds: float) -> None:
    """SIGSTOP, then SIGCONT: it goes on as if nothing had happened."""
    program = site.programs[target]
    with program.in_play():
        program.signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            program.signal(signal.SIGCONT)


async def step_ahead(site: "Site", target: str, seconds: float) -> None:
    """The wall clock jumps an hour ahead, and back."""
    await _step(site, target, seconds, HOUR_AHEAD, HOUR_BACK)


async def step_back(site: "Site", target: str, seconds: float) -> None:
    """The wall clock jumps an hour back, and ahead."""
    await _step(site, target, seconds, HOUR_BACK, HOUR_AHEAD)


async def _step(site: "Site", target: str, seconds: float, there: signal.Signals, back: signal.Signals) -> None:
    program = site.programs[target]
    if not await program.ready(10):
        site.note(f"the clock of {target} was not stepped: it is not up")
        return
    program.signal(there)
    await asyncio.sleep(seconds)
    program.signal(back)


FAULTS = (
    Fault("killed", 6, WORKERS, (0.1, 2), kill, breaks_leases=True),
    Fault("terminated", 5, WORKERS, (0.1, 2), terminate),
    Fault("frozen", 4, WORKERS, (6, 20), freeze, breaks_leases=True),
    Fault("an hour ahead", 2, WORKERS, (2, 15), step_ahead),
    Fault("an hour back", 2, WORKERS, (2, 15), step_back),
    Fault("killed", 2, SCHEDULERS, (0.1, 3), kill),
    Fault("terminated", 1, SCHEDULERS, (0.1, 3), terminate),
    Fault("frozen", 2, SCHEDULERS, (6, 20), freeze),
    Fault("killed", 2, API, (0.1, 2), kill),
    Fault("terminated", 1, API, (0.1, 2), terminate),
    Fault("frozen", 1, API, (2, 10), freeze),
)
