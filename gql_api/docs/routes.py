"""Where the page and its files are found."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gql_api.assets import Assets
from gql_api.docs.page import BUNDLE, page
from gql_api.docs.policy import HEADERS
from gql_api.persons import is_for_a_person


def docs_routes(bundle: Path = BUNDLE) -> list[BaseRoute]:
    """/docs/, with what it loads below it, and /docs, which leads there. The bundle may come while the API runs."""

    def docs(_: Request) -> Response:
        return page(bundle)

    def docs_without_slash(_: Request) -> Response:
        return RedirectResponse("docs/")

    return [
        Route("/docs/", docs),
        Route("/docs", docs_without_slash),
        Mount("/docs/assets", Assets(bundle / "assets", HEADERS)),
    ]


class PageForPeople:
    """In front of the API: whoever has put its address into a browser sees the page, all others reach the API."""

    def __init__(self, api: ASGIApp, bundle: Path = BUNDLE) -> None:
        self._api = api
        self._bundle = bundle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = page(self._bundle) if _is_from_a_person(scope) else self._api
        await answer(scope, receive, send)


def _is_from_a_person(scope: Scope) -> bool:
    """A query in the address is meant for the API, whoever asks."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return False
    request = Request(scope)
    return is_for_a_person(request.headers) and "query" not in request.query_params
