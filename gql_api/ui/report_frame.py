"""A page that shows a mail inside the admin UI, under a policy of its own: a mail has its styles in its text, which the
UI's policy forbids, and nothing else of it may have any effect."""

from base64 import b64encode
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_SCRIPT: Final = """
addEventListener("message", ({ source, data }) => {
  if (source !== parent || typeof data !== "string") return;
  const mail = new DOMParser().parseFromString(data, "text/html");
  const base = mail.createElement("base");
  base.target = "_blank";
  mail.head.prepend(base);
  document.replaceChild(document.adoptNode(mail.documentElement), document.documentElement);
  new ResizeObserver(tell).observe(document.documentElement);
});
const tell = () => parent.postMessage(document.documentElement.offsetHeight, "*");
"""
"""Shows what the page around it sends, opens its links elsewhere, and tells how high it is."""

_SANDBOX: Final = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
"""Whatever runs in it belongs to no origin: it reaches neither the page around it nor the API in somebody's name."""

HEADERS: Final = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            f"script-src 'sha256-{b64encode(sha256(_SCRIPT.encode()).digest()).decode()}'",
            "style-src 'unsafe-inline'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
            f"sandbox {_SANDBOX}",
        ]
    ),
    # For browsers that do not know frame-ancestors; all other answers say DENY.
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-cache",
}

_PAGE: Final = f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Mail</title>
<script>{_SCRIPT}</script>
</head>
<body></body>
</html>
"""


def _report_frame(_: Request) -> Response:
    return HTMLResponse(_PAGE, headers=HEADERS)


REPORT_FRAME: Final = Route("/report/frame", _report_frame)
