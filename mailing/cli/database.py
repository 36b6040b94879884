"""The database, as commands use it that work on it themselves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mailing.cli.failure import CommandError
from mailing.db import orm
from mailing.db.migrate import missing_migrations
from mailing.settings import Settings


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[None]:
    """For the length of the block. Raises CommandError where the schema is not that of this version."""
    async with orm.connected(settings):
        if await missing_migrations():
            raise CommandError("the database is not at this version's schema; run `mailing migrate`")
        yield
