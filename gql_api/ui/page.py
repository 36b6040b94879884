"""The page of the admin UI, the same at each of its addresses: its script looks at the address."""

import secrets
from pathlib import Path
from typing import Final

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from gql_api.ui.policy import page_headers

BUNDLE: Final = Path(__file__).parent / "bundle"
"""What web/admin is built into. It is part of the package, but not of the repository."""

_NONCE_PLACE: Final = b"__STYLE_NONCE__"

_NOT_BUILT: Final = """\
The admin UI is not built yet: run `make web` in the service's source folder, then reload this page.
The API is at /graphql all the same.
"""


def page(bundle: Path = BUNDLE) -> Response:
    """The UI; without a bundle 503 and what to do about it."""
    nonce = secrets.token_urlsafe(16)
    try:
        html = (bundle / "index.html").read_bytes().replace(_NONCE_PLACE, nonce.encode())
    except FileNotFoundError:
        return PlainTextResponse(_NOT_BUILT, 503)
    return HTMLResponse(html, headers=page_headers(nonce))
