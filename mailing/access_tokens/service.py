"""Making tokens and taking them back."""

from dataclasses import dataclass, field

import structlog

from mailing.access_tokens import queries, secret
from mailing.access_tokens.validation import NewToken
from mailing.db.unit_of_work import unit_of_work
from mailing.errors import NotFoundError
from mailing.models import AccessToken
from mailing.origin import AT_THE_COMMAND_LINE

log = structlog.get_logger(__name__)

_MOST_CHARACTERS = 200
"""Kept of who made a token: what an issuer says may be as long as it likes."""


@dataclass(frozen=True, slots=True)
class Creator:
    """Who makes a token."""

    subject: str
    name: str


COMMAND_LINE = Creator(AT_THE_COMMAND_LINE, "Command line")
"""Whoever may run commands with the database's URL; they may do everything anyway."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token, and the only time that it can be read."""

    secret: str = field(repr=False)
    row: AccessToken


async def create_token(new: NewToken, by: Creator) -> IssuedToken:
    """Make a token. It is good from now on."""
    token = secret.make_secret()
    async with unit_of_work():
        row = await queries.insert_token(
            new,
            digest=secret.digest(token),
            start=token[: secret.START_LENGTH],
            by=_storable(by.subject),
            by_name=_storable(by.name),
        )
    log.info("token.created", token_id=row.id, role=row.role.name, created_by=row.created_by, expires_at=row.expires_at)
    return IssuedToken(token, row)


async def revoke_token(token_id: int) -> AccessToken:
    """Take a token back for good: no request is let in by it from now on, and what lasts ends within seconds.

    One that is revoked already stays as it is. Raises NotFoundError.
    """
    async with unit_of_work():
        revoked = await queries.revoke_token(token_id)
    if revoked is not None:
        log.info("token.revoked", token_id=token_id)
        return revoked
    known = await queries.token_by_id(token_id)
    if known is None:
        raise NotFoundError("token", token_id)
    return known


def _storable(text: str) -> str:
    """What PostgreSQL can keep of it."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:_MOST_CHARACTERS]
