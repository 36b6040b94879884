"""Whether there is room where the data of `mailing up` lie."""

import shutil
from pathlib import Path

from mailing.embedded.placement import kept_in
from mailing.health.amounts import size
from mailing.health.finding import Finding, fine, problem, warning

LITTLE = 5_000_000_000
NEXT_TO_NOTHING = 500_000_000

_ADVICE = "Make room there; when it is full, PostgreSQL stops, and with it everything."


async def look_at_disk(data_dir: Path) -> list[Finding]:
    """The free space where the database in this data directory lies. Nothing where none was ever started."""
    try:
        folder = kept_in(data_dir / "postgres")
        free = shutil.disk_usage(folder).free
    except FileNotFoundError:
        return []
    except OSError as e:
        advice = "Run this as the user whose directory it is."
        return [warning("disk", f"{data_dir} cannot be looked into: {e.strerror or e}.", advice)]
    return [judged(free, folder)]


def judged(free: int, folder: Path) -> Finding:
    """What so many free bytes there mean."""
    what = f"{size(free)} are free at {folder}."
    if free < NEXT_TO_NOTHING:
        return problem("disk", what, _ADVICE)
    return warning("disk", what, _ADVICE) if free < LITTLE else fine("disk", what)
