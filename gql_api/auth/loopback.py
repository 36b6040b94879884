"""Where nobody has to sign in, nobody but this machine may be able to ask."""

from typing import Final
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from mailing.settings import PREFIX, Settings, SettingsError
from mailing.sign_in_checks import is_loopback

_HOW_TO = (
    f"set {PREFIX}AUTH_ISSUER and {PREFIX}AUTH_AUDIENCE to switch sign-in on, or {PREFIX}AUTH_API_TOKENS=true to "
    "switch it on with the tokens of `mailing token create` alone, or "
    f"{PREFIX}LET_ANYONE_IN_WITHOUT_SIGN_IN=true if everybody who can reach it may read, change and delete everything"
)

_OF_PROXIES: Final = (
    "Forwarded",
    "Via",
    "X-Real-IP",
    *(f"X-Forwarded-{what}" for what in ("For", "Host", "Proto", "Port", "Server")),
)
"""RFC 7239; RFC 9110, 7.6.3; and what was used before these."""

log = structlog.get_logger(__name__)


def is_open_house(settings: Settings) -> bool:
    """Whether everybody is let in, and only the address keeps others away."""
    return not settings.is_sign_in_on and not settings.let_anyone_in_without_sign_in


def check_may_listen(settings: Settings, host: str) -> None:
    """Raises SettingsError for an address that others can reach while nobody has to sign in."""
    if is_open_house(settings) and not is_loopback(host):
        raise SettingsError([f"the API does not listen on {host} without sign-in: {_HOW_TO}"])


class OnlyLoopback:
    """An ASGI application around another: refuses what comes in by any other address.

    The service's own commands check that before they listen; this holds whoever serves the application. It wants a
    loopback name in the header Host, too: a page whose own name is made to lead to this machine (DNS rebinding) would
    otherwise be of the same origin as the API. And it wants no header of a proxy: one on this machine may serve others.
    It cannot tell one that hides itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        server = (scope.get("server") or ("", None))[0]
        asked = _hostname(headers.get("host", ""))
        proxied_by = [name for name in _OF_PROXIES if name in headers]
        if scope.get("http_version") == "1.0":  # nginx's, which by itself sets none of them.
            proxied_by.append("HTTP/1.0")
        if is_loopback(server) and is_loopback(asked) and not proxied_by:
            await self._app(scope, receive, send)
            return
        log.warning("auth.open_house_refused", server=server, host=asked, proxied_by=proxied_by, how_to_allow=_HOW_TO)
        refused = PlainTextResponse(f"Not by this way without sign-in: {_HOW_TO}\n", status_code=403)
        await refused(scope, receive, send)


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
