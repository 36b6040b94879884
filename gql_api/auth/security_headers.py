"""What every answer tells browsers."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Final = {
    # An answer is data, nothing to run, and belongs into no frame; a page that is served says what it needs itself.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Phone numbers stand in answers: nobody on the way keeps them.
    "Cache-Control": "no-store",
}
"""After the OWASP Secure Headers Project and its REST cheat sheet."""

_HSTS: Final = "max-age=31536000"


class SecurityHeaders:
    """Sets `HEADERS` where an answer does not set them itself, and behind TLS that the host is only met by it."""

    def __init__(self, app: ASGIApp, *, by_tls: bool = False) -> None:
        """`by_tls`: browsers reach the service by TLS, also where a proxy ends that and does not say so."""
        self._app = app
        self._by_tls = by_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self._by_tls or scope.get("scheme") == "https":
                    headers.setdefault("Strict-Transport-Security", _HSTS)
            await send(message)

        await self._app(scope, receive, send_on)
