"""The program `mailing`, as a person runs it."""

import os
import sys
from pathlib import Path

from mailing.settings import PREFIX, Settings
from tests.running import Ran, run


async def mailing(settings: Settings, folder: Path, *arguments: object, **changed: str) -> Ran:
    """A command in that folder, which knows the tests' database and these settings alone.

    Log lines are left out of what it says.
    """
    assert settings.database_url
    env = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    known = {"DATABASE_URL": settings.database_url} | changed
    env |= {f"{PREFIX}{name}": value for name, value in known.items()}
    ran = await run(sys.executable, "-m", "mailing", *arguments, folder=folder, env=env)
    return ran._replace(errors="\n".join(line for line in ran.errors.splitlines() if not line.startswith("{")))
