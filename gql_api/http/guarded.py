"""A schema that executes only what keeps the limits."""

import asyncio
from copy import copy
from typing import Any, Self

import strawberry
from graphql import ExecutionResult, GraphQLError
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionContext
from strawberry.types.execution import PreExecutionError

from gql_api.http.checks import Checks
from gql_api.http.documents import document
from gql_api.http.limits import Limits, OperationTimeoutError
from gql_api.http.tracing import traced


class GuardedSchema(strawberry.Schema):
    """Every operation, whichever way it comes, is parsed, checked and stopped here.

    Not by extensions, which Strawberry has for this: what they raise is lost on streams, and each costs every
    operation more than the checks themselves.
    """

    def __init__(self, *args: Any, limits: Limits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._use(limits)

    def under(self, limits: Limits) -> Self:
        """The same schema under other limits."""
        other = copy(self)
        other._use(limits)
        return other

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Do nothing: Strawberry would log each error with the whole query, `MaskUnexpectedErrors` logs what counts."""

    def _use(self, limits: Limits) -> None:
        self._limits = limits
        self._checks = Checks(self._schema, limits)
        self.execution_context_class = StrawberryGraphQLCoreExecutionContext if limits.suggestions else _Reticent

    async def _prepare_operation_async(
        self, context: ExecutionContext, extensions_runner: SchemaExtensionsRunner
    ) -> PreExecutionError | None:
        if context.query:
            asked = document(context.query)
            context.graphql_document = asked.node
            context.pre_execution_errors = self._checks.errors(asked, context.operation_name, context.variables)
            if asked.node is None:
                return PreExecutionError(data=None, errors=context.pre_execution_errors)
        return await super()._prepare_operation_async(context, extensions_runner)

    async def _execute_operation(self, execution_context: ExecutionContext, *args: Any) -> Any:
        with traced(execution_context):
            return await self._execute_in_time(execution_context, *args)

    async def _execute_in_time(self, execution_context: ExecutionContext, *args: Any) -> Any:
        try:
            async with asyncio.timeout(self._limits.timeout_seconds) as timeout:
                return await super()._execute_operation(execution_context, *args)
        except TimeoutError:
            if not timeout.expired():
                raise
            error = OperationTimeoutError(self._limits.timeout_seconds)
            execution_context.result = ExecutionResult(data=None, errors=[error])
            return execution_context.result


class _Reticent(StrawberryGraphQLCoreExecutionContext):
    """Does not suggest names of the schema for those of a variable's value that are wrong."""

    @classmethod
    def build(cls, *args: Any, **kwargs: Any) -> Any:
        return super().build(*args, **kwargs | {"hide_suggestions": True})
