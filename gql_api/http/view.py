"""GraphQL by HTTP POST and GET, and by WebSocket with the protocol graphql-transport-ws."""

from datetime import timedelta
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UnsetType

from gql_api.auth.refusals import RefusalError
from gql_api.auth.visit import Visit, visit_of
from gql_api.context import Context
from gql_api.http.endpoint import HttpEndpoint
from gql_api.http.frames import Frames
from gql_api.http.guarded import GuardedSchema
from gql_api.http.operations import Operations
from gql_api.http.sharing import SharedExecutions
from gql_api.schema import schema
from mailing.metrics.graphql import SOCKETS
from mailing.progress.feed import ProgressFeed
from mailing.provider_health.feed import HealthFeed
from mailing.settings import Settings, load_settings

INIT_SECONDS = 10.0
"""In which a socket must have said connection_init; otherwise it is closed with 4408."""


class GraphQLView(GraphQL[Context, None]):
    """The endpoint. Strawberry serves its sockets, `HttpEndpoint` the rest; it has no playground of its own."""

    websocket_adapter_class = Frames
    graphql_transport_ws_handler_class = Operations

    def __init__(
        self,
        feed: ProgressFeed,
        health: HealthFeed,
        schema: GuardedSchema = schema,
        *,
        settings: Settings | None = None,
    ) -> None:
        """Without settings those of the environment hold."""
        settings = settings or load_settings()
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            max_subscriptions_per_connection=None,  # Operations counts them.
        )
        self._feed = feed
        self._health = health
        self._settings = settings
        self.executions = SharedExecutions(
            schema, lambda role: Context(feed, health, Visit.of_all_with(role), settings)
        )
        self._http = HttpEndpoint(schema, self.executions, self.get_context)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            response = await self._http.answer(Request(scope, receive))
            await response(scope, receive, send)
        else:
            with SOCKETS.track_inprogress():
                await super().__call__(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket | None = None) -> Context:
        traceparent = request.headers.get("traceparent")
        return Context(self._feed, self._health, visit_of(request.scope), self._settings, traceparent=traceparent)

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        try:
            await context.visit.introduce(context.connection_params)
        except RefusalError as e:
            raise ConnectionRejectionError from e
        return await super().on_ws_connect(context)

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        return True  # The gate has looked at it.

    def decode_json(self, data: str | bytes) -> Any:
        return orjson.loads(data)
