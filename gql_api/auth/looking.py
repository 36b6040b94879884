"""Looking up in the database who somebody is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from gql_api.auth.refusals import SignInUnavailableError
from mailing.db.orm import DATABASE_ERRORS

LONGEST_LOOK_SECONDS: Final = 5.0
"""What a database that hangs may keep a request waiting."""


@asynccontextmanager
async def looking(or_say: str) -> AsyncIterator[None]:
    """For the length of a look. Raises SignInUnavailableError, with that message, if the database fails or hangs."""
    try:
        async with asyncio.timeout(LONGEST_LOOK_SECONDS):
            yield
    except DATABASE_ERRORS as e:
        raise SignInUnavailableError(or_say) from e
