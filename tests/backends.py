"""The backends of another process: PostgreSQL keeps them for a moment when that is gone."""

import itertools

from mailing.db import orm
from tests.waiting import until

_numbers = itertools.count(1)


async def as_another(url: str) -> str:
    """The URL with a new role of the same rights: by that, the backends of who uses it are known."""
    role = f"process_{next(_numbers)}"
    own = await orm.fetch_value("SELECT current_user")
    await orm.fetch(f"CREATE ROLE {role} SUPERUSER LOGIN")
    return url.replace(f"//{own}@", f"//{role}@")


async def until_left(url: str) -> None:
    """Wait until no backend is left of those processes that were given that URL, and that have ended.

    A backend whose client was killed goes on with what it was told, holds its locks and commits before it notices:
    until then nobody can say what the process has done, nor empty the tables without a deadlock.
    """
    role = url.partition("//")[2].partition("@")[0]

    async def are_gone() -> bool:
        return not await orm.fetch_value("SELECT count(*) FROM pg_stat_activity WHERE usename = $1", role)

    await until(are_gone, seconds=60)
