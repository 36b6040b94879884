"""The operations on one WebSocket."""

from contextlib import suppress
from typing import TYPE_CHECKING

from graphql import GraphQLError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation

from gql_api.context import Context
from gql_api.http.follower import Follower
from gql_api.http.frames import Frames, encoded
from gql_api.http.sharing import Subscription

if TYPE_CHECKING:
    from gql_api.http.view import GraphQLView


class Operations(BaseGraphQLTransportWSHandler[Context, None]):
    """Executes queries and mutations one by one, and equal subscriptions of all sockets once.

    What is wrong with an operation is answered to that operation: where Strawberry would close the socket and with it
    all others, for a syntax error, it gets an `error` frame.
    """

    view: "GraphQLView"
    websocket: Frames

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        role = self.context.role
        subscription = Subscription.of(operation.query, operation.variables, operation.operation_name, role)
        following = subscription and self.view.executions.follow(subscription)
        if following is None:
            await super().run_operation(operation)
            return
        with suppress(WebSocketDisconnected), following as follower:
            await self._send_all(operation, follower)

    async def _send_all(self, operation: Operation[Context, None], follower: Follower) -> None:
        begin = f'{{"id":{encoded(operation.id).decode()},"type":"next","payload":'
        async for payload in follower:
            await self.websocket.send_text(f"{begin}{payload}}}")
        if follower.errors:
            await operation.send_initial_errors(follower.errors)
        else:
            await operation.send_operation_message({"id": operation.id, "type": "complete"})

    @staticmethod
    def _get_pre_execution_close_reason(error: GraphQLError) -> str | None:
        return None
