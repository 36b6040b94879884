"""The supervisor of a run: starts again whatever ended by itself, and remembers that it did."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.program import Program

_LOOK_SECONDS = 0.05
_RESTART_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class UnplannedEnd:
    """A program that nobody had ended. `was_up`: it had got so far as to do its work."""

    program: str
    launched_at: float
    ended_at: float
    was_up: bool
    exit_code: int


class Keeper:
    """Looks after the programs that no fault deals with."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self.unplanned_ends: list[UnplannedEnd] = []
        self._programs = programs

    async def keep(self) -> None:
        """Until it is cancelled."""
        while True:
            for program in self._programs:
                if not program.is_in_play and (status := program.exit_code()) is not None:
                    await self._restart(program, status)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _restart(self, program: Program, status: int) -> None:
        was_up = await program.ready(0)
        self.unplanned_ends.append(UnplannedEnd(program.name, program.launched_at, time.time(), was_up, status))
        with program.in_play():
            await asyncio.sleep(_RESTART_SECONDS)
            program.launch()
