"""Which pages may make a browser ask here."""

from collections.abc import Iterable

from starlette.datastructures import Headers
from strawberry.http.websocket_origin import is_same_origin, normalize_origin

from gql_api.auth.refusals import ForbiddenError

PREFLIGHT_HEADER = "GraphQL-Require-Preflight"
"""A header that no form can send and no page of another origin without being allowed to. Any value will do."""

_READING = ("GET", "HEAD")


class Origins:
    """The service's own origin, and those that the settings name.

    Browsers tell the origin of a page with every request that could do harm, and with every handshake of a socket,
    to which they apply no CORS (RFC 6455, 10.2). Programs tell none, and have no cookies that somebody else could use.
    """

    def __init__(self, allowed: Iterable[str] = (), own: str | None = None) -> None:
        """`own`: by which browsers know the service, where people sign in with one; else what Host says."""
        self.allowed = frozenset(filter(None, map(normalize_origin, allowed)))
        self._own = normalize_origin(own) if own is not None else None
        self._known = self.allowed | {self._own} - {None}

    def check(self, headers: Headers) -> None:
        """Raises ForbiddenError for a page of a foreign origin."""
        origin = headers.get("origin")
        if origin is None or headers.get("sec-fetch-site") == "same-origin":
            return
        if normalize_origin(origin) not in self._known and not is_same_origin(origin, headers.get("host")):
            raise ForbiddenError("Pages of this origin may not ask here")

    def check_not_forged(self, kind: str, method: str, headers: Headers) -> None:
        """Raises ForbiddenError for a request or a socket ("http" or "websocket") that another page could have made the
        browser send with the cookie of whoever is signed in (cross-site request forgery).

        Pages of other origins may come in with a token, never with the cookie; `http` and `https` make two origins of
        one name. A socket has to tell its origin, since a page cannot give it headers of its own; a request has to
        bring `PREFLIGHT_HEADER`, and the origin unless it only reads.
        """
        origin = headers.get("origin")
        if origin is None and (kind == "websocket" or method not in _READING):
            raise ForbiddenError("With a session cookie the header Origin is needed")
        if origin is not None and self._own is not None and normalize_origin(origin) != self._own:
            raise ForbiddenError("With a session cookie only the service's own pages may ask")
        if kind != "websocket" and not headers.get(PREFLIGHT_HEADER):
            raise ForbiddenError(f"With a session cookie the header {PREFLIGHT_HEADER} is needed, with any value")
