"""Stands before the API: nobody passes whom no authenticator knows."""

import orjson
import structlog
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gql_api.auth.credentials import Authenticator, Credentials, Pass
from gql_api.auth.origins import Origins
from gql_api.auth.places import Places
from gql_api.auth.refusals import RefusalError, UnauthenticatedError
from gql_api.auth.stay import serve_request, serve_socket
from gql_api.auth.visit import Visit, unknown
from mailing.metrics.graphql import REFUSALS

_GRAPHQL_RESPONSE = "application/graphql-response+json"

log = structlog.get_logger(__name__)


class Gate:
    """An ASGI application around another. `visit_of(scope)` tells that one who has come.

    A request without a pass is answered before its body is read. A socket may show its credentials with the handshake
    or with connection_init, since pages cannot give a socket headers; what it shows has to hold, and whoever reads
    connection_init calls `Visit.introduce`. Streams and sockets end when the pass expires.
    """

    def __init__(
        self,
        app: ASGIApp,
        authenticator: Authenticator,
        origins: Origins,
        *,
        most_sockets: int | None = None,
        sign_in_url: str | None = None,
    ) -> None:
        """`most_sockets`: of one viewer at once, in this process. `sign_in_url`: where people sign in with a browser;
        whoever is refused for showing nothing good is told."""
        self._app = app
        self._authenticator = authenticator
        self._origins = origins
        self._places = Places(most_sockets)
        self._sign_in_url = sign_in_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        with self._places.one() as place:
            try:
                admitted = await self._admitted(scope, headers)
                if admitted is not None and scope["type"] == "websocket":
                    place.take(admitted.viewer)
            except RefusalError as e:
                REFUSALS.labels(e.code).inc()
                log.info("auth.refused", code=e.code, reason=e.message, cause=_cause(e))
                await _refused(e, headers, self._sign_in_url)(scope, receive, send)
                return
            visit = Visit(self._authenticator, admitted, place, sign_in_url=self._sign_in_url)
            visit.enter_in(scope)
            serve = serve_socket if scope["type"] == "websocket" else serve_request
            await serve(self._app, visit, scope, receive, send)

    async def _admitted(self, scope: Scope, headers: Headers) -> Pass | None:
        """None: a socket that has shown nothing yet. Raises RefusalError."""
        self._origins.check(headers)
        shown = _credentials(headers)
        admitted = await self._authenticator.recognise(shown)
        if admitted is None:
            if scope["type"] == "websocket" and shown.authorization is None:
                return None
            raise unknown(shown)
        if admitted.by_cookie:
            self._origins.check_not_forged(scope["type"], scope.get("method", ""), headers)
        return admitted


def _credentials(headers: Headers) -> Credentials:
    authorizations = headers.getlist("authorization")
    if len(authorizations) > 1:
        raise UnauthenticatedError("There are two headers Authorization")
    return Credentials(authorizations[0] if authorizations else None, headers.get("cookie"))


def _refused(refusal: RefusalError, headers: Headers, sign_in_url: str | None) -> Response:
    """Well-formed GraphQL, for clients that read the body whatever the status."""
    way_in = {"signInUrl": sign_in_url} if sign_in_url and isinstance(refusal, UnauthenticatedError) else {}
    error = {"message": refusal.message, "extensions": {"code": refusal.code, **way_in}}
    asked = _GRAPHQL_RESPONSE in headers.get("accept", "")
    return Response(
        orjson.dumps({"errors": [error]}),
        status_code=refusal.status,
        headers={**refusal.headers, "Vary": "Accept"},
        media_type=_GRAPHQL_RESPONSE if asked else "application/json",
    )


def _cause(refusal: RefusalError) -> str | None:
    return str(refusal.__cause__)[:200] if refusal.__cause__ else None
