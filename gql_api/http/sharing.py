"""Which subscriptions are the same, and their executions."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Self

import orjson
from graphql import GraphQLError, OperationType, get_operation_ast
from strawberry.schema import BaseSchema

from gql_api.context import Context
from gql_api.http.documents import parsed
from gql_api.http.execution import Execution, Results
from gql_api.http.follower import Follower
from gql_api.subjects import Subjects
from mailing.roles import Role


class Subscription(NamedTuple):
    """Everything that the results of a subscription depend on: equal ones share one execution."""

    role: Role | None
    """What of the viewer decides on what is seen: all who have the same role see the same. None sees nothing."""
    query: str
    variables: bytes
    """JSON with sorted keys."""
    operation_name: str | None

    @classmethod
    def of(
        cls, query: str, variables: dict[str, Any] | None, operation_name: str | None, role: Role | None = None
    ) -> Self | None:
        """None for what cannot be shared, such as variables that JSON cannot be written of."""
        try:
            encoded = orjson.dumps(variables, option=orjson.OPT_SORT_KEYS)
        except TypeError:
            return None
        return cls(role, query, encoded, operation_name)

    @property
    def is_one(self) -> bool:
        """False for a query or a mutation, and for what cannot be read."""
        if "subscription" not in self.query:
            return False
        try:
            operation = get_operation_ast(parsed(self.query), self.operation_name)
        except (GraphQLError, RecursionError):
            return False
        return operation is not None and operation.operation is OperationType.SUBSCRIPTION


class SharedExecutions:
    """The subscriptions that are followed in this process, each executed once however many follow it."""

    def __init__(self, schema: BaseSchema, make_context: Callable[[Role | None], Context]) -> None:
        """`make_context` makes the context of an execution for all who have a role: it belongs to no socket."""
        self._schema = schema
        self._make_context = make_context
        self._running: dict[Subscription, Execution] = {}

    def __len__(self) -> int:
        """How many executions there are."""
        return len(self._running)

    def follow(self, subscription: Subscription) -> AbstractContextManager[Follower] | None:
        """A follower of its execution, for the length of the block; None if it is no subscription."""
        execution = self._running.get(subscription)
        if execution is None:
            if not subscription.is_one:
                return None
            execution = self._running[subscription] = self._execution(subscription)
        return execution.followed()

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
