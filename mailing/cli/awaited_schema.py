"""Waiting until somebody else has brought the database to the schema of this version: for what starts beside that."""

import asyncio
import time
from collections.abc import Callable

from mailing.cli.failure import CommandError
from mailing.db import orm
from mailing.health.database import look_at_migrations, look_whether_it_answers
from mailing.health.examine import examine
from mailing.health.finding import Finding, Level, worst
from mailing.settings import Settings

_LOOK_SECONDS = 5.0
"""So long one look may take, and then the database counts as away."""
_PAUSE_SECONDS = 1.0


async def wait_for_schema(settings: Settings, seconds: float, tell: Callable[[str], None]) -> None:
    """Return when the database has every migration of this version; it may have more, of newer ones.

    Looks once a second, and at least once. A database that does not answer is waited for, too. `tell` hears what is
    found, each time that it is something else. Raises CommandError with the last of it after so many seconds.
    """
    deadline = time.monotonic() + seconds
    told = None
    async with orm.connected(settings):
        while True:
            found = await _look()
            if found.what != told:
                told = found.what
                tell(told)
            if found.level is not Level.PROBLEM:
                return
            if time.monotonic() >= deadline:
                raise CommandError(f"waited for {seconds:g} s: {found.what} {found.advice}")
            await asyncio.sleep(_PAUSE_SECONDS)


async def _look() -> Finding:
    """What stands in the way, or else how the schema is."""
    (found,) = await examine({"database": _schema}, _LOOK_SECONDS)
    return found


async def _schema() -> list[Finding]:
    answers = await look_whether_it_answers()
    return answers if worst(answers) is Level.PROBLEM else await look_at_migrations()
