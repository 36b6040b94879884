"""Which subscriptions are the same, and their executions."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, Self

import orjson
from graphql import FieldNode, GraphQLError, OperationDefinitionNode, OperationType, get_operation_ast
from strawberry.schema import BaseSchema, Schema

from gql_api.context import Context
from gql_api.http.documents import parsed
from gql_api.http.execution import Execution, Results
from gql_api.http.follower import Follower
from gql_api.http.limits import MOST_LASTING_CHARACTERS, TooLongSubscriptionError
from gql_api.http.operation_log import follower_told
from gql_api.subjects import Subjects
from mailing.metrics.graphql import OTHER, SUBSCRIPTIONS
from mailing.roles import Role


class Subscription(NamedTuple):
    """Everything that the results of a subscription depend on: equal ones share one execution."""

    role: Role | None
    """What of the viewer decides on what is seen: all who have the same role see the same. None sees nothing."""
    query: str
    variables: bytes
    """JSON with sorted keys, of those that the operation declares."""
    operation_name: str | None

    @classmethod
    def of(
        cls, query: str, variables: Mapping[str, Any] | None, operation_name: str | None, role: Role | None = None
    ) -> Self | None:
        """None for a query or a mutation, and for what cannot be read. Variables count only if they are declared.

        Raises GraphQLError for one that would take too much for as long as it lasts.
        """
        operation = _operation(query, operation_name)
        if operation is None or operation.operation is not OperationType.SUBSCRIPTION:
            return None
        encoded = _encoded(operation, variables or {})
        length = len(query) + len(encoded)
        if length > MOST_LASTING_CHARACTERS:
            raise TooLongSubscriptionError(MOST_LASTING_CHARACTERS, length)
        return cls(role, query, encoded, operation_name)


class SharedExecutions:
    """The subscriptions that are followed in this process, each executed once however many follow it."""

    def __init__(self, schema: BaseSchema, make_context: Callable[[Role | None], Context]) -> None:
        """`make_context` makes the context of an execution for all who have a role: it belongs to no socket."""
        self._schema = schema
        self._make_context = make_context
        self._fields = _subscription_fields(schema)
        self._running: dict[Subscription, Execution] = {}

    def __len__(self) -> int:
        """How many executions there are."""
        return len(self._running)

    @contextmanager
    def follow(self, subscription: Subscription) -> Iterator[Follower]:
        """A follower of its execution, for the length of the block."""
        execution = self._running.get(subscription)
        if execution is None:
            execution = self._running[subscription] = self._execution(subscription)
        with (
            follower_told(execution.followed(), subscription) as follower,
            SUBSCRIPTIONS.labels(self._field(subscription)).track_inprogress(),
        ):
            yield follower

    def _field(self, subscription: Subscription) -> str:
        """What is followed: one of the schema's fields, or `other` for what will turn out to be none."""
        operation = _operation(subscription.query, subscription.operation_name)
        selected = operation.selection_set.selections[0] if operation else None
        name = selected.name.value if isinstance(selected, FieldNode) else None
        return name if name in self._fields else OTHER

    def _execution(self, subscription: Subscription) -> Execution:
        async def start(context: Context) -> Results:
            return await self._schema.stream(
                subscription.query,
                variable_values=orjson.loads(subscription.variables),
                context_value=context,
                operation_name=subscription.operation_name,
            )

        def begin() -> tuple[Subjects, Awaitable[Results]]:
            context = self._make_context(subscription.role)
            return context.subjects, start(context)

        def ended(execution: Execution) -> None:
            if self._running.get(subscription) is execution:
                del self._running[subscription]

        return Execution(begin, ended=ended)


def _subscription_fields(schema: BaseSchema) -> frozenset[str]:
    subscriptions = schema._schema.subscription_type if isinstance(schema, Schema) else None
    return frozenset(subscriptions.fields if subscriptions else ())


def _operation(query: str, operation_name: str | None) -> OperationDefinitionNode | None:
    if "subscription" not in query:
        return None
    try:
        return get_operation_ast(parsed(query), operation_name)
    except GraphQLError:
        return None  # Who executes it says so.


def _encoded(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> bytes:
    declared = {definition.variable.name.value for definition in operation.variable_definitions or ()}
    try:
        return orjson.dumps(
            {name: value for name, value in variables.items() if name in declared}, option=orjson.OPT_SORT_KEYS
        )
    except TypeError:  # orjson reads four times as many levels as it writes.
        message = "The variables are nested too deeply"
        raise GraphQLError(message, extensions={"code": "BAD_USER_INPUT"}) from None
