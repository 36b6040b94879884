"""Lets in who is signed in with this browser."""

import time
from collections.abc import Awaitable, Callable

from gql_api.auth.credentials import Credentials, Pass
from gql_api.auth.refusals import SignInUnavailableError
from gql_api.auth.viewer import Viewer
from gql_api.sign_in.cookies import Cookies
from mailing.db.orm import DATABASE_ERRORS
from mailing.sessions.records import Session
from mailing.sessions.service import find_session


class SessionCookies:
    """Looks for the session each time, so that a sign-out holds from the next request on."""

    def __init__(self, cookies: Cookies) -> None:
        self._cookies = cookies

    async def recognise(self, shown: Credentials) -> Pass | None:
        """None for a session that is over, too: a browser shows its cookie beside whatever else it shows. What is
        shown in words goes before it, also where it does not hold."""
        secret = self._cookies.session_in(shown.cookie)
        if secret is None or shown.authorization is not None:
            return None
        session = await _found(secret)
        if session is None:
            return None
        return Pass(
            Viewer(session.subject, session.name, session.role),
            time.time() + session.remaining_seconds,
            by_cookie=True,
            is_still_good=_still_good(secret),
        )


def _still_good(secret: str) -> Callable[[], Awaitable[bool]]:
    async def is_still_good() -> bool:
        return await _found(secret) is not None

    return is_still_good


async def _found(secret: str) -> Session | None:
    try:
        return await find_session(secret)
    except DATABASE_ERRORS as e:
        raise SignInUnavailableError("It cannot be told at present whether the session holds") from e
