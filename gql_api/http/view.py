"""GraphQL by HTTP POST and GET, and by WebSocket with the protocol graphql-transport-ws."""

from typing import Any

import orjson
from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from gql_api.context import Context
from gql_api.http.frames import Frames, encoded
from gql_api.http.guarded import GuardedSchema
from gql_api.http.operations import Operations
from gql_api.http.sharing import SharedExecutions
from gql_api.schema import schema
from mailing.progress.feed import ProgressFeed
from mailing.provider_health.feed import HealthFeed


class GraphQLView(GraphQL[Context, None]):
    """The endpoint. It serves no playground of its own."""

    websocket_adapter_class = Frames
    graphql_transport_ws_handler_class = Operations

    def __init__(self, feed: ProgressFeed, health: HealthFeed, schema: GuardedSchema = schema) -> None:
        super().__init__(schema, graphql_ide=None, subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,))
        self._feed = feed
        self._health = health
        self.executions = SharedExecutions(schema, lambda _: Context(feed, health))

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        return Context(self._feed, self._health)

    def parse_json(self, data: str | bytes) -> Any:
        parsed = super().parse_json(data)
        if not isinstance(parsed, dict | list):
            raise HTTPException(400, "The request must be a JSON object")
        return parsed

    def decode_json(self, data: str | bytes) -> Any:
        return orjson.loads(data)

    def encode_json(self, data: object) -> bytes:
        return encoded(data)
