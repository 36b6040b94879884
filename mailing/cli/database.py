"""The database, as commands use it that work on it themselves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mailing.cli.failure import CommandError
from mailing.db import orm
from mailing.db.migrate import missing_migrations
from mailing.origin import AT_THE_COMMAND_LINE, Origin, arising_from
from mailing.settings import Settings


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[None]:
    """For the length of the block, which is one operation of the command line's.

    Raises CommandError where the schema is not that of this version.
    """
    with arising_from(Origin.new(AT_THE_COMMAND_LINE)):
        async with orm.connected(settings):
            if await missing_migrations():
                raise CommandError("the database is not at this version's schema; run `mailing migrate`")
            yield
