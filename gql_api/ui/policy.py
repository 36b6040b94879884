"""What the admin UI may load and whom it may talk to: this server alone."""

from typing import Final

_DIRECTIVES: Final = (
    "default-src 'none'",
    "script-src 'self'",
    # Style elements that scripts write need the nonce; style attributes in a page's text do nothing at all.
    "style-src 'self' 'nonce-{nonce}'",
    "img-src 'self'",
    "font-src 'self'",
    # By HTTP and by WebSocket.
    "connect-src 'self'",
    # The daily report as a mail program shows it.
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)


def page_headers(nonce: str) -> dict[str, str]:
    """For the page that has `nonce`. It is made anew for each answer, so no answer may be kept."""
    return {
        "Content-Security-Policy": "; ".join(_DIRECTIVES).format(nonce=nonce),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


FILE_HEADERS: Final = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}
"""For what the page loads: scripts, styles, pictures. Opened by themselves they may do nothing."""
