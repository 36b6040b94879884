"""What a run plays: a pure function of its seed and its size."""

from dataclasses import dataclass
from random import Random

from tests.faults.faults import FAULTS
from tests.faults.kinds import Fault

FULL_SIZE = 20_000
LONG_CHAOS, SHORT_CHAOS = 22.0, 11.0
"""Seconds."""
FEW, MANY = (6, 9), (8, 14)
"""How many faults, least and most, in a short chaos and in a long one."""

_BREATH_SECONDS = 0.5
"""Between two faults of one target."""
_FRUITLESS_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault that befalls `target` from `at` on, in seconds from the start of the chaos, for `seconds`."""

    at: float
    fault: Fault
    target: str
    seconds: float

    @property
    def ends_at(self) -> float:
        return self.at + self.seconds

    def __str__(self) -> str:
        return f"{self.target} {self.fault.name} at {self.at:.1f} for {self.seconds:.1f} s"


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is decided before a run. Times are in seconds from the start of the chaos."""

    seed: int
    size: int
    """Messages of the great mailing."""
    chaos_seconds: float
    """All faults are over by then."""
    idempotent: bool
    """The provider drops ids that it has seen."""
    refuse_share: float
    """What the provider refuses for good, whatever else it does."""
    ending_starts_at: float
    ending_seconds: float
    waits_for_minute: bool
    """Windows open and close on the minute: begin when the next one falls within the chaos."""
    steered_pauses_at: float
    steered_resumes_at: float
    steered_is_cancelled_at: float | None
    faults: tuple[Planned, ...]


def make_plan(seed: int, size: int = FULL_SIZE) -> Plan:
    """The same for the same seed and size. A small mailing has a shorter chaos, without the longest faults."""
    rng = Random(f"{seed}/{size}")
    chaos = LONG_CHAOS if size >= FULL_SIZE else SHORT_CHAOS
    gentle = rng.random() < 0.15
    pauses_at = rng.uniform(0.2, 0.35) * chaos
    resumes_at = pauses_at + rng.uniform(0.1, 0.25) * chaos
    return Plan(
        seed=seed,
        size=size,
        chaos_seconds=chaos,
        idempotent=rng.random() < 0.5,
        refuse_share=rng.choice((0.0, 0.002)),
        ending_starts_at=rng.uniform(0.2, 0.5) * chaos,
        ending_seconds=rng.uniform(2.5, 4),
        waits_for_minute=size >= FULL_SIZE and rng.random() < 0.5,
        steered_pauses_at=pauses_at,
        steered_resumes_at=resumes_at,
        steered_is_cancelled_at=resumes_at + rng.uniform(1, 3) if rng.random() < 0.5 else None,
        faults=_faults(rng, chaos, gentle=gentle),
    )


def _faults(rng: Random, chaos: float, *, gentle: bool) -> tuple[Planned, ...]:
    """`gentle`: none that breaks leases, so that there is no excuse for a broken one."""
    kinds = [fault for fault in FAULTS if fault.seconds[0] < chaos / 1.5 and not (gentle and fault.breaks_leases)]
    wanted = rng.randint(*(MANY if chaos == LONG_CHAOS else FEW))
    chosen: list[Planned] = []
    for _ in range(_FRUITLESS_DRAWS):
        planned = _draw(rng, kinds, chaos)
        if all(_apart(planned, other) for other in chosen):
            chosen.append(planned)
        if len(chosen) == wanted:
            break
    return tuple(sorted(chosen, key=lambda planned: planned.at))


def _draw(rng: Random, kinds: list[Fault], chaos: float) -> Planned:
    fault = rng.choices(kinds, [kind.weight for kind in kinds])[0]
    least, most = fault.seconds
    seconds = rng.uniform(least, min(most, chaos - 1))
    return Planned(rng.uniform(0.5, chaos - seconds), fault, rng.choice(fault.targets), seconds)


def _apart(one: Planned, other: Planned) -> bool:
    return (
        one.target != other.target
        or one.at > other.ends_at + _BREATH_SECONDS
        or other.at > one.ends_at + _BREATH_SECONDS
    )
