"""GraphQL by HTTP POST and GET, and by WebSocket with the protocol graphql-transport-ws."""

from typing import Any

import orjson
from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UnsetType

from gql_api.auth.refusals import RefusalError
from gql_api.auth.visit import Visit, visit_of
from gql_api.context import Context
from gql_api.http.frames import Frames, encoded
from gql_api.http.operations import Operations
from gql_api.http.sharing import SharedExecutions
from gql_api.schema import schema
from mailing.progress.feed import ProgressFeed
from mailing.provider_health.feed import HealthFeed


class GraphQLView(GraphQL[Context, None]):
    """The endpoint. It serves no playground of its own."""

    websocket_adapter_class = Frames
    graphql_transport_ws_handler_class = Operations

    def __init__(self, feed: ProgressFeed, health: HealthFeed) -> None:
        super().__init__(schema, graphql_ide=None, subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,))
        self._feed = feed
        self._health = health
        self.executions = SharedExecutions(schema, lambda role: Context(feed, health, Visit.of_all_with(role)))

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        return Context(self._feed, self._health, visit_of(request.scope))

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        try:
            await context.visit.introduce(context.connection_params)
        except RefusalError as e:
            raise ConnectionRejectionError from e
        return await super().on_ws_connect(context)

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        return True  # The gate has looked at it.

    def parse_json(self, data: str | bytes) -> Any:
        parsed = super().parse_json(data)
        if not isinstance(parsed, dict | list):
            raise HTTPException(400, "The request must be a JSON object")
        return parsed

    def decode_json(self, data: str | bytes) -> Any:
        return orjson.loads(data)

    def encode_json(self, data: object) -> bytes:
        return encoded(data)
