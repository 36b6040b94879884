"""GraphQL over HTTP, as https://graphql.github.io/graphql-over-http/draft/ has it."""

from collections.abc import Awaitable, Callable

import structlog
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from gql_api.context import Context
from gql_api.http.answers import answer, refusal
from gql_api.http.asking import MOST_REQUEST_BYTES, Asked, asked_by
from gql_api.http.compression import compressed
from gql_api.http.naming import ambiguity
from gql_api.http.negotiation import Form, accepted
from gql_api.http.persisted import PersistedOperations
from gql_api.http.refusals import RefusedError, method_not_allowed, not_acceptable
from gql_api.http.sharing import SharedExecutions, Subscription
from gql_api.http.streams import FRAMINGS, SubscriptionResponse

_ALLOWED = {
    "GET": {OperationType.QUERY},
    "POST": {OperationType.QUERY, OperationType.MUTATION},
}


log = structlog.get_logger(__name__)


class HttpEndpoint:
    """Queries and mutations by POST, queries by GET, subscriptions by both as a stream of events or parts.

    Equal subscriptions share one execution, whatever they come by.
    """

    def __init__(
        self,
        schema: BaseSchema,
        executions: SharedExecutions,
        get_context: Callable[[Request], Awaitable[Context]],
        *,
        most_bytes: int = MOST_REQUEST_BYTES,
    ) -> None:
        """`get_context` may raise RefusedError."""
        self._schema = schema
        self._executions = executions
        self._get_context = get_context
        self._most_bytes = most_bytes
        self._persisted = PersistedOperations()

    async def answer(self, request: Request) -> Response:
        """Whatever the request is, an answer to it."""
        one, many = accepted(request.headers.get("accept"))
        try:
            asked = await asked_by(request, most_bytes=self._most_bytes)
            context = await self._get_context(request)
            query = self._persisted.text(asked.query, asked.extensions)
            subscription = Subscription.of(query, asked.variables, asked.operation_name, context.role)
            if subscription is not None:
                return self._follow(subscription, asked, many)
            if one is None:
                raise not_acceptable("The answer can be application/graphql-response+json or application/json")
            return await compressed(answer(await self._execute(request.method, query, asked, context), one), request)
        except RefusedError as e:
            log.info("graphql.request_refused", http_status=e.status, code=e.extensions["code"])
            return refusal(e, one)
        except GraphQLError as e:
            log.info("graphql.request_refused", code=(e.extensions or {}).get("code"))
            return answer(ExecutionResult(None, [e]), one or Form.JSON)

    def _follow(self, subscription: Subscription, asked: Asked, form: Form | None) -> Response:
        if form is None:
            raise _not_by(OperationType.SUBSCRIPTION)
        self._persisted.keep(subscription.query, asked.extensions)
        return SubscriptionResponse(self._executions.follow(subscription), FRAMINGS[form])

    async def _execute(self, method: str, query: str, asked: Asked, context: Context) -> ExecutionResult:
        if error := ambiguity(query, asked.operation_name):
            return ExecutionResult(None, [error])
        try:
            result = await self._schema.execute(
                query,
                variable_values=asked.variables,
                context_value=context,
                operation_name=asked.operation_name,
                allowed_operation_types=_ALLOWED[method],
            )
        except CannotGetOperationTypeError as e:
            code = {"code": "GRAPHQL_VALIDATION_FAILED"}
            return ExecutionResult(None, [GraphQLError(e.as_http_error_reason(), extensions=code)])
        except InvalidOperationTypeError as e:
            raise _not_by(e.operation_type) from None
        if not isinstance(result, PreExecutionError):
            self._persisted.keep(query, asked.extensions)
        return result


def _not_by(operation: OperationType) -> RefusedError:
    if operation is OperationType.MUTATION:
        return method_not_allowed("A mutation is asked by POST", "POST")
    return not_acceptable(
        "A subscription is answered as text/event-stream or as multipart/mixed;subscriptionSpec=1.0; "
        "or ask for it over a WebSocket with the protocol graphql-transport-ws"
    )
