"""What a fault is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.site import Site

Play = Callable[["Site", str, float], Awaitable[None]]
"""`play(site, target, seconds)` does the harm, and has made it good again when it returns."""

WORKERS = ("worker 1", "worker 2", "worker 3")
SCHEDULERS = ("scheduler 1", "scheduler 2")
API = ("api",)
POSTGRES = ("PostgreSQL",)
VALKEY = ("Valkey",)
PROVIDER = ("provider",)


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault, which befalls one of `targets` for some time within `seconds`, least and most.

    `weight` says how often it is chosen among the others. One that `breaks_leases` may make pumps lose their leases;
    no other may.
    """

    name: str
    weight: int
    targets: tuple[str, ...]
    seconds: tuple[float, float]
    play: Play
    breaks_leases: bool = False
