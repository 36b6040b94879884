"""The pages that tell why somebody was not signed in. They load nothing, run nothing and send nothing."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Final
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from gql_api.sign_in.failures import SignInError

_STYLE: Final = """
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #1f2328; background: #f6f8fa; }
main { max-width: 34rem; margin: 12vh auto; padding: 2rem; background: #fff; border: 1px solid #d1d9e0; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
a { color: #0b5fcc; }
p.go a { display: inline-block; margin: 0.5rem 1rem 0 0; }
small { color: #59636e; }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117; }
  main { background: #151b23; border-color: #3d444d; }
  a { color: #6cb0ff; }
  small { color: #9198a1; }
}
"""

CONTENT_SECURITY_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


def failure_page(failure: SignInError, next_page: str, reference: str) -> HTMLResponse:
    """What happened and how to go on. By the reference the log's line is found."""
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    if failure.retry_after_seconds is not None:
        headers["Retry-After"] = str(failure.retry_after_seconds)
    return HTMLResponse(_page(failure, next_page, reference), failure.status, headers)


def _page(failure: SignInError, next_page: str, reference: str) -> str:
    title = escape(failure.title)
    links = [_link("Sign in again", next=next_page)]
    if failure.other_account:
        links.append(_link("Sign in as somebody else", next=next_page, account="other"))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{escape(failure.explanation)}</p>\n"
        f'<p class="go">{"".join(links)}</p>\n<p><small>Reference for the operator: {reference}</small></p>\n'
        "</main>\n</body>\n</html>\n"
    )


def _link(text: str, **query: str) -> str:
    return f'<a href="{escape(f"/auth/sign-in?{urlencode(query)}")}">{text}</a>'
