"""Whether the zone data of this program and of PostgreSQL are of our days, and say the same.

Workers judge by the `tzdata` package right before each request, PostgreSQL by data of its own when it claims messages.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from mailing.health import queries
from mailing.health.finding import Finding, fine, warning
from mailing.timezones import DATA_VERSION, ZONE_NAMES, find_zone

MONTHS_AHEAD = 12
SHOWN = 5

_SUBJECT = "time zones"


async def look_at_own_zones(version: str, now: datetime) -> list[Finding]:
    """Whether the data with the IANA version that `version` names, such as 2026a, are older than a year or two."""
    what = f"This program has the zone data {version}."
    if now.year - int(version[:4]) < 2:
        return [fine(_SUBJECT, what)]
    advice = "Bring this program, or its package tzdata, up to date: governments change their clocks every year."
    return [warning(_SUBJECT, what, advice)]


async def look_at_zones(now: datetime) -> list[Finding]:
    """Whether PostgreSQL knows every zone, and at any time of the next year shows the same hour in it."""
    closed = await queries.zones_that_never_open(sorted(ZONE_NAMES))
    moments = [now + timedelta(days=30.5 * month) for month in range(MONTHS_AHEAD + 1)]
    other = differing(await queries.offsets(sorted(ZONE_NAMES.difference(closed)), moments), moments)
    subject = "time zones of the database"
    advice = f"Update PostgreSQL, or the system's tzdata that it reads; this program has {DATA_VERSION}."
    found = []
    if closed:
        what = f"PostgreSQL does not know {_some(closed)}: mailings with a window are never sent there."
        found.append(warning(subject, what, advice))
    if other:
        what = f"PostgreSQL has other hours for {_some(other)}: there a window is open only while both find it so."
        found.append(warning(subject, what, advice))
    return found or [
        fine(subject, f"PostgreSQL knows all {len(ZONE_NAMES)}, and has the same hours for the next year.")
    ]


def differing(theirs: Mapping[str, Sequence[timedelta]], moments: Sequence[datetime]) -> list[str]:
    """The zones whose clocks, by the package, are not as far ahead of UTC as they say, at one of the moments."""
    return sorted(zone for zone, ahead in theirs.items() if list(ahead) != _ours(zone, moments))


def _ours(zone: str, moments: Sequence[datetime]) -> list[timedelta | None]:
    rules = find_zone(zone)
    return [moment.astimezone(UTC).astimezone(rules).utcoffset() for moment in moments]


def _some(zones: Sequence[str]) -> str:
    shown = ", ".join(zones[:SHOWN])
    count = "1 zone" if len(zones) == 1 else f"{len(zones)} zones"
    return f"{count} ({shown}{', …' if len(zones) > SHOWN else ''})"
