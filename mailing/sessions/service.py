"""Begins, recognises and ends sessions. What a browser keeps of one is a secret: only its hash is in the database."""

import re
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final

from mailing.sessions.queries import delete_expired, delete_session, insert_session, session_by_id
from mailing.sessions.records import EndedSession, Person, Session

MOST_REMOVED_AT_ONCE: Final = 1_000
"""Expired sessions that one look takes out of the table."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


async def begin_session(person: Person, lasting: timedelta) -> str:
    """The secret by which the browser is known from now on: a new one at each sign-in, so that nobody can have given
    it to the browser before (session fixation)."""
    secret = secrets.token_urlsafe(32)
    await insert_session(_id(secret), person, lasting)
    return secret


async def find_session(secret: str, issuer: str) -> Session | None:
    """None where there is none, or none any more, or one of people whom another issuer knew."""
    return await session_by_id(_id(secret), issuer) if _SECRET.fullmatch(secret) else None


async def end_session(secret: str) -> EndedSession | None:
    """From now on nobody is known by the secret. None where nobody was."""
    return await delete_session(_id(secret)) if _SECRET.fullmatch(secret) else None


async def forget_expired_sessions() -> None:
    """Take those that are over out of the table, with what the issuer said of people; a thousand at most."""
    await delete_expired(MOST_REMOVED_AT_ONCE)


def _id(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
