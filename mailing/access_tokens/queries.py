"""Tokens in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailing.access_tokens.validation import NewToken
from mailing.db.orm import fetch, fetch_one, fetch_value
from mailing.models import AccessToken
from mailing.paging import Page, Slice
from mailing.roles import Role


@dataclass(frozen=True, slots=True)
class FoundToken:
    """What is to be known of a token when somebody shows it; the database's clock decides."""

    id: int
    name: str
    role: Role
    expires_at: datetime | None
    is_revoked: bool
    is_expired: bool


async def insert_token(new: NewToken, *, digest: str, start: str, by: str, by_name: str) -> AccessToken:
    """The new row."""
    row = await fetch_one(
        """
        INSERT INTO access_token (digest, start, name, role, created_by, created_by_name, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *
        """,
        *(digest, start, new.name, new.role.name, by, by_name, new.expires_at),
    )
    return _token(row)


async def find_token(digest: str) -> FoundToken | None:
    """The token with this digest; None without one."""
    rows = await fetch(
        """
        SELECT id, name, role, expires_at, revoked_at IS NOT NULL AS is_revoked,
               coalesce(expires_at <= now(), false) AS is_expired
        FROM access_token WHERE digest = $1
        """,
        digest,
    )
    return FoundToken(**{**rows[0], "role": Role[rows[0]["role"]]}) if rows else None


async def is_good(token_id: int) -> bool:
    """Whether the token lets in: it has neither been taken back nor expired."""
    sql = "SELECT revoked_at IS NULL AND coalesce(expires_at > now(), true) FROM access_token WHERE id = $1"
    return bool(await fetch_value(sql, token_id))


async def page_of_tokens(part: Slice) -> Page[AccessToken]:
    """One part of all tokens, the revoked ones too, in the order of their ids."""
    query = AccessToken.all()
    if part.after is not None:
        query = query.filter(id__gt=part.after)
    if part.before is not None:
        query = query.filter(id__lt=part.before)
    return Page.cut(await query.order_by("-id" if part.from_end else "id").limit(part.limit + 1), part)


async def count_tokens() -> int:
    """How many there are, the revoked ones too."""
    return await AccessToken.all().count()


async def token_by_id(token_id: int) -> AccessToken | None:
    """The token, revoked or not."""
    return await AccessToken.get_or_none(id=token_id)


async def revoke_token(token_id: int) -> AccessToken | None:
    """The token as it is revoked by this call; None for one that is revoked already, or unknown."""
    sql = "UPDATE access_token SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING *"
    rows = await fetch(sql, token_id)
    return _token(rows[0]) if rows else None


async def note_use(token_id: int) -> None:
    """The token was used now. Nothing is written if it is known of the last minute already."""
    await fetch(
        """
        UPDATE access_token SET last_used_at = now()
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
        """,
        token_id,
    )


def _token(row: Mapping[str, Any]) -> AccessToken:
    return AccessToken.construct(**{**row, "role": Role[row["role"]]})
