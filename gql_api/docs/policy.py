"""What the page may load and whom it may talk to: this server alone."""

from typing import Final

CONTENT_SECURITY_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        # The editors set the style of each line and of each word in it from their scripts.
        "style-src 'self' 'unsafe-inline'",
        # Small images stand in the style sheets.
        "img-src 'self' data:",
        "font-src 'self'",
        "worker-src 'self'",
        # By HTTP and by WebSocket.
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
}
"""For the page and for its files: a worker goes by the policy that its own file came with."""
