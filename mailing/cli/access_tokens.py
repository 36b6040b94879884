"""What `mailing token` does."""

import asyncio
import re
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import TypeVar

from rich.console import Console

from mailing.access_tokens import service
from mailing.access_tokens.queries import page_of_tokens
from mailing.access_tokens.service import COMMAND_LINE, IssuedToken
from mailing.access_tokens.validation import new_token
from mailing.cli.command_log import configure_command_log
from mailing.cli.database import connected
from mailing.cli.failure import CommandError, first_line
from mailing.cli.preconditions import check_database
from mailing.cli.token_table import minute, show_tokens
from mailing.db import orm
from mailing.errors import InvalidInputError, NotFoundError
from mailing.mailings.queries import database_time
from mailing.models import AccessToken
from mailing.paging import Slice
from mailing.roles import Role
from mailing.settings import Settings

T = TypeVar("T")

_PAGE = 100

_is_id = re.compile(r"token_([1-9][0-9]{0,17})").fullmatch


def create_token(settings: Settings, name: str, role: str, expires_in_days: int | None) -> None:
    """Print a new token on standard output, and on standard error what it is.

    Raises CommandError if the name breaks a rule, or the database fails.
    """
    issued = _run(settings, _create(name, Role[role.upper()], expires_in_days))
    print(issued.secret)
    row = issued.row
    until = f"is good until {minute(row.expires_at)}" if row.expires_at else "does not expire"
    told = f"token_{row.id} has the role {role} and {until}. It is not shown again."
    Console(stderr=True, highlight=False).print(told, soft_wrap=True, markup=False)


def list_tokens(settings: Settings) -> None:
    """Show all of them. Raises CommandError if the database fails."""
    show_tokens(*_run(settings, _list()))


def revoke_token(settings: Settings, id: str) -> None:
    """Take it back; to do so twice is fine. Raises CommandError for an id that names none."""
    match = _is_id(id)
    try:
        if match is None:
            raise NotFoundError("token", id)
        row = _run(settings, service.revoke_token(int(match[1])))
    except NotFoundError as e:
        raise CommandError(f"there is no {id}; `mailing token list` shows those that there are") from e
    assert row.revoked_at is not None
    print(f"token_{row.id} is revoked since {minute(row.revoked_at)}")


async def _create(name: str, role: Role, expires_in_days: int | None) -> IssuedToken:
    now = await database_time()
    expires_at = None if expires_in_days is None else (now + timedelta(days=expires_in_days)).isoformat()
    try:
        new = new_token(now=now, name=name, role=role, expires_at=expires_at)
    except InvalidInputError as e:
        raise CommandError("\n".join(f"--{problem}" for problem in e.problems)) from e
    return await service.create_token(new, COMMAND_LINE)


async def _list() -> tuple[list[AccessToken], datetime]:
    """All of them, and the database's time, by which they have expired or not."""
    found: list[AccessToken] = []
    after, has_next = None, True
    while has_next:
        page = await page_of_tokens(Slice(_PAGE, after=after))
        found += page.items
        after, has_next = found[-1].id if found else None, page.has_next
    return found, await database_time()


def _run(settings: Settings, work: Coroutine[None, None, T]) -> T:
    configure_command_log(settings, "token")
    assert settings.database_url

    async def done() -> T:
        async with connected(settings):
            return await work

    try:
        check_database(settings.database_url)
        return asyncio.run(done())
    except orm.DATABASE_ERRORS as e:
        raise CommandError(f"the database failed: {first_line(e)}") from e
    finally:
        work.close()
