"""One run: a seed's faults on a site of its own, and the judgement of what came of it."""

import asyncio
import time
import traceback
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mailing.db.migrate import migrate
from tests.faults.books import read_books, settled
from tests.faults.bound import bound, count_repeats
from tests.faults.evidence import Evidence, Limits, PlayedFault
from tests.faults.invariants import violations
from tests.faults.journal import read_journal
from tests.faults.kept import keep, keep_logs
from tests.faults.mailings import Created, Name, begin_at, create_mailings
from tests.faults.observer import Observer
from tests.faults.plan import Plan, Planned
from tests.faults.site import SHORT_TIMES, Site, site
from tests.faults.steering import Moment, steer

HARD_SECONDS = 90
"""From the start of the chaos. What is not over by then never ends."""

_LONGEST_SECONDS = 180
"""All in all, with the start, a minute's turn and collecting the evidence."""

_LAST_WORDS_SECONDS = 6
"""How long subscribers may wait for the last state, once it is in the books: the API reads them every two seconds."""

_LATENCY_SPREAD = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run has shown."""

    plan: Plan
    faults: list[PlayedFault]
    seconds: float
    """From the start of the chaos until everything had settled."""
    repeats: int
    bound: int
    violations: Mapping[str, str]
    kept: Path | None
    """Where logs and timeline lie, if they were kept."""


async def run(plan: Plan, *, keep_always: bool = False) -> Verdict:
    """Play `plan` and judge. Leaves no process and no folder, but what is kept of a failure."""
    with site() as place:
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                evidence, seconds = await _Run(place, plan).play()
        except Exception as e:  # Whatever it is, the next seed has its turn.
            return Verdict(plan, [], 0, 0, 0, {"the run broke off": _told(e)}, keep_logs(place, plan))
        finally:
            await place.stop()
        # Only now, for the invariants take a second or two of a processor.
        found = violations(evidence)
        kept = keep(place, plan, evidence, found) if found or keep_always else None
    return Verdict(plan, evidence.faults, seconds, count_repeats(evidence), bound(evidence).most, found, kept)


class _Run:
    def __init__(self, place: Site, plan: Plan) -> None:
        self._site = place
        self._plan = plan
        self._observer = Observer(place.api_address)
        self._faults: list[PlayedFault] = []
        self._moments: list[Moment] = []
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def play(self) -> tuple[Evidence, float]:
        """The evidence, and the seconds that it took to settle."""
        provider, plan = self._site.provider, self._plan
        provider.good = _good_scenario(plan)
        await provider.play()
        # Before the programs, which look for its tables as soon as they run.
        await migrate(self._site.settings)
        await self._site.start()
        begins_at = begin_at(plan, datetime.now(UTC))
        mailings = await create_mailings(self._site.settings, plan, begins_at)
        await asyncio.sleep(begins_at.timestamp() - time.time())
        began = time.monotonic()
        await self._chaos(mailings, began + HARD_SECONDS)
        return await self._collect(mailings), time.monotonic() - began

    async def _chaos(self, mailings: list[Created], deadline: float) -> None:
        begins_at = time.time()
        steered = next(mailing.id for mailing in mailings if mailing.name is Name.STEERED)
        address = self._site.api_address
        background = [
            asyncio.create_task(self._site.keeper.keep()),
            following := asyncio.create_task(self._observer.follow(mailings)),
            steering := asyncio.create_task(steer(address, self._plan, steered, begins_at, self._moments)),
        ]
        try:
            async with asyncio.TaskGroup() as tasks:
                for planned in self._plan.faults:
                    tasks.create_task(self._play_fault(planned, begins_at))
            await settled(self._site.postgres.url, deadline)
            await asyncio.wait([following, steering], timeout=_LAST_WORDS_SECONDS)
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)

    async def _play_fault(self, planned: Planned, begins_at: float) -> None:
        await asyncio.sleep(begins_at + planned.at - time.time())
        fault = planned.fault
        # Who was told to stop may take longer than the plan knows.
        async with self._turns[planned.target]:
            began_at = time.time()
            await fault.play(self._site, planned.target, planned.seconds)
            self._faults.append(PlayedFault(fault.name, planned.target, began_at, time.time(), fault.breaks_leases))

    async def _collect(self, mailings: list[Created]) -> Evidence:
        provider, settings = self._site.provider, self._site.settings
        books, accepted = await read_books(self._site.postgres.url), await provider.accepted()
        provider.finish()
        limits = Limits(
            settings.lease_seconds,
            settings.provider_timeout_seconds,
            settings.pump_concurrency,
            settings.pump_slots,
            settings.retry_max_attempts,
        )
        return Evidence(
            limits=limits,
            idempotent=self._plan.idempotent,
            mailings=mailings,
            books=books,
            requests=read_journal(provider.journal),
            accepted=accepted,
            events=self._observer.events,
            completed=self._observer.completed,
            moments=self._moments,
            faults=sorted(self._faults, key=lambda fault: fault.began_at),
            unplanned_ends=self._site.keeper.unplanned_ends,
        )


def _told(error: Exception) -> str:
    return "".join(traceback.format_exception(error)).strip()


def _good_scenario(plan: Plan) -> dict[str, object]:
    """So slow that the great mailing lasts about as long as the chaos, whatever its size."""
    at_once = int(SHORT_TIMES["pump_slots"] * SHORT_TIMES["pump_concurrency"])
    middle = 1_000 * at_once * plan.chaos_seconds / plan.size
    return {
        "seed": plan.seed,
        "idempotent": plan.idempotent,
        "refuse_share": plan.refuse_share,
        "error_share": 0.01,
        "latency_ms": [middle * (1 - _LATENCY_SPREAD), middle * (1 + _LATENCY_SPREAD)],
    }
