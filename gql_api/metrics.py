"""/metrics on the API's own port."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from gql_api.auth.entrance import Entrance
from mailing.metrics.watched import Watched
from mailing.settings import Settings


def metrics_route(watched: Watched, entrance: Entrance, settings: Settings) -> Route:
    """For whoever may read the rest of the API, with the same credentials: figures tell how a business goes.

    MAILING_METRICS_WITHOUT_SIGN_IN opens it to whoever reaches it; MAILING_METRICS_PORT is the way for a Prometheus
    that has no credentials.
    """
    page = _Page(watched)
    return Route("/metrics", page if settings.metrics_without_sign_in else entrance.guarded(page))


class _Page:
    """An application of its own, for the gate stands before applications."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await (await self._answer(request))(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return PlainTextResponse("Ask by GET\n", 405, {"Allow": "GET, HEAD"})
        content_type, content = await self._watched.page(request.headers.get("Accept", ""))
        return Response(content, headers={"Content-Type": content_type, "Cache-Control": "no-store"})
