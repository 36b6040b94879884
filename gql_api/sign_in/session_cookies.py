"""Lets in who is signed in with this browser."""

import time
from functools import partial

from gql_api.auth.credentials import Credentials, Pass
from gql_api.auth.looking import looking
from gql_api.auth.viewer import Viewer
from gql_api.sign_in.cookies import Cookies
from mailing.sessions.records import Session
from mailing.sessions.service import find_session


class SessionCookies:
    """Looks for the session each time, so that a sign-out holds from the next request on."""

    def __init__(self, cookies: Cookies, issuer: str) -> None:
        """`issuer`: whose sessions count."""
        self._cookies = cookies
        self._issuer = issuer

    async def recognise(self, shown: Credentials) -> Pass | None:
        """None for a session that is over, too: a browser shows its cookie beside whatever else it shows. What is
        shown in words goes before it, also where it does not hold."""
        secret = self._cookies.session_in(shown.cookie)
        if secret is None or shown.authorization is not None:
            return None
        session = await self._found(secret)
        if session is None:
            return None
        return Pass(
            Viewer(session.subject, session.name, session.role),
            time.time() + session.remaining_seconds,
            by_cookie=True,
            is_still_good=partial(self._is_still_good, secret),
        )

    async def _is_still_good(self, secret: str) -> bool:
        return await self._found(secret) is not None

    async def _found(self, secret: str) -> Session | None:
        async with looking("It cannot be told at present whether the session holds: the database does not answer"):
            return await find_session(secret, self._issuer)
