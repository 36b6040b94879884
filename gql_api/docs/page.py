"""The page itself."""

from pathlib import Path
from typing import Final

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from gql_api.docs.policy import HEADERS

BUNDLE: Final = Path(__file__).parent / "bundle"
"""What web/graphiql is built into. It is part of the package, but not of the repository."""

_NOT_BUILT: Final = "GraphiQL is not built yet: run `make web` in the service's source folder, then reload this page.\n"


def page(bundle: Path = BUNDLE) -> Response:
    """GraphiQL; without a bundle 503 and what to do about it. Cached for no longer than it takes to ask again."""
    headers = HEADERS | {"Cache-Control": "no-cache", "Vary": "Accept"}
    try:
        return HTMLResponse((bundle / "index.html").read_bytes(), headers=headers)
    except FileNotFoundError:
        return PlainTextResponse(_NOT_BUILT, 503, headers)
