"""Where the admin UI and its files are found."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from gql_api.assets import Assets
from gql_api.persons import is_for_a_person
from gql_api.ui.page import BUNDLE, page
from gql_api.ui.policy import FILE_HEADERS
from gql_api.ui.report_frame import REPORT_FRAME

_FOR_PROGRAMS = "There is nothing at this address. The API is at /graphql.\n"


def ui_routes(bundle: Path = BUNDLE) -> list[BaseRoute]:
    """To come after all others: browsers get the UI at every address that is left, so that each of its own can be
    reloaded and sent to somebody; programs get it at / alone. The bundle may come while the API runs."""

    def ui(request: Request) -> Response:
        if request.url.path == "/" or is_for_a_person(request.headers):
            return page(bundle)
        return PlainTextResponse(_FOR_PROGRAMS, 404)

    return [Mount("/assets", Assets(bundle / "assets", FILE_HEADERS)), REPORT_FRAME, Route("/{path:path}", ui)]
