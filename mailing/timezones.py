"""The time zones of the service: the IANA names and rules of the `tzdata` package, the same on every machine.

The operating system's own zone files are never read: they differ from host to host, hold names that IANA does not
know ("localtime", "posix/…"), and would let two workers disagree on whether a client is asleep. For the same reason
nothing here depends on `PYTHONTZPATH` or `zoneinfo.reset_tzpath`, which are settings of the whole process.
"""

from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import tzdata

DATA_VERSION: str = tzdata.IANA_VERSION
"""Which release of the rules it is, by IANA's own name: 2026a is the first of that year."""

_PACKAGE = resources.files(tzdata)

ZONE_NAMES = frozenset(_PACKAGE.joinpath("zones").read_text(encoding="utf-8").split())
"""Every IANA name, links such as "US/Pacific" included."""


def is_known_zone(name: str) -> bool:
    """Whether `name` is an IANA name, letter for letter: "europe/moscow", "MSK" and "UTC+3" are not."""
    return name in ZONE_NAMES


def find_zone(name: str) -> ZoneInfo | None:
    """The rules of a zone, read from the package at the first call and kept; None for an unknown name."""
    return _load(name) if name in ZONE_NAMES else None


@cache
def _load(name: str) -> ZoneInfo:
    with _PACKAGE.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)
