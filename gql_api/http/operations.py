"""The operations on one WebSocket."""

from contextlib import suppress
from typing import TYPE_CHECKING

import structlog
from graphql import GraphQLError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import SubscribeMessage

from gql_api.context import Context
from gql_api.http.follower import Follower
from gql_api.http.frames import Frames, encoded
from gql_api.http.limits import TooManyOperationsError
from gql_api.http.naming import ambiguity
from gql_api.http.sharing import Subscription

if TYPE_CHECKING:
    from gql_api.http.view import GraphQLView

MOST_OPERATIONS = 100
"""Of one socket at the same time."""

log = structlog.get_logger(__name__)


class Operations(BaseGraphQLTransportWSHandler[Context, None]):
    """Executes queries and mutations one by one, and equal subscriptions of all sockets once.

    What is wrong with an operation is answered to that operation: where Strawberry would close the socket and with it
    all others, for a syntax error, it gets an `error` frame. So does one more than MOST_OPERATIONS.
    """

    view: "GraphQLView"
    websocket: Frames

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        is_new = self.connection_acknowledged and message["id"] not in self.operations
        if is_new and len(self.operations) >= MOST_OPERATIONS:
            error = TooManyOperationsError(MOST_OPERATIONS, len(self.operations) + 1)
            await self.send_message({"id": message["id"], "type": "error", "payload": [error.formatted]})
            return
        await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        role = self.context.role
        try:
            subscription = Subscription.of(operation.query, operation.variables, operation.operation_name, role)
        except GraphQLError as e:
            await operation.send_initial_errors([e])
            return
        if subscription is None:
            await self._run_once(operation)
            return
        operation.variables = None  # The subscription has those that count.
        with suppress(WebSocketDisconnected), self.view.executions.follow(subscription) as follower:
            await self._send_all(operation, follower)

    async def _run_once(self, operation: Operation[Context, None]) -> None:
        if error := ambiguity(operation.query, operation.operation_name):
            await operation.send_initial_errors([error])
        else:
            await super().run_operation(operation)

    async def _send_all(self, operation: Operation[Context, None], follower: Follower) -> None:
        begin = f'{{"id":{encoded(operation.id).decode()},"type":"next","payload":'
        async for payload in follower:
            await self.websocket.send_text(f"{begin}{payload}}}")
        if follower.errors:
            await operation.send_initial_errors(follower.errors)
        else:
            await operation.send_operation_message({"id": operation.id, "type": "complete"})

    async def handle_task_exception(self, error: Exception) -> None:
        if not isinstance(error, WebSocketDisconnected):
            log.error("graphql.operation_broke_off", exc_info=error)

    @staticmethod
    def _get_pre_execution_close_reason(error: GraphQLError) -> str | None:
        return None
