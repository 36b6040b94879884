"""The cookies of those who sign in with a browser."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from starlette.requests import cookie_parser
from starlette.responses import Response

PENDING_SECONDS: Final = 600
"""For which a sign-in may be under way."""

MOST_PENDING: Final = 5
"""Of one browser at a time. Each takes a line of every request, and servers read only so many."""


class Cookies:
    """No script reads them, no page of another site makes the browser send them but by leading here, and behind TLS
    they are sent by TLS alone; their names, beginning with `__Host-`, then say that nobody but this very host has set
    them (RFC 6265bis, 4.1.3)."""

    def __init__(self, public_url: str) -> None:
        self._is_secure = public_url.startswith("https:")
        self._prefix = "__Host-mailing_" if self._is_secure else "mailing_"
        self.session = f"{self._prefix}session"

    def pending(self, state: str) -> str:
        """Its name. One for each sign-in that is under way: there may be two, in two tabs."""
        return f"{self._prefix}sign_in_{sha256(state.encode()).hexdigest()[:16]}"

    def too_many_pending(self, shown: Iterable[str]) -> list[str]:
        """Names of those of sign-ins that were never finished, once there are more than anybody has tabs for it."""
        pending = [name for name in shown if name.startswith(f"{self._prefix}sign_in_")]
        return pending if len(pending) > MOST_PENDING else []

    def set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(name, value, seconds, path="/", secure=self._is_secure, httponly=True, samesite="lax")

    def clear(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self._is_secure, httponly=True, samesite="lax")

    def session_in(self, header: str | None) -> str | None:
        """The session's secret, of the header Cookie."""
        return cookie_parser(header).get(self.session) if header else None
