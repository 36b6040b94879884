"""What of an error leaves the house: the caller's own mistakes with a code, of all others only a number to ask by."""

from collections.abc import Iterator

import structlog
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import StreamExecutionResult

from gql_api.context import Context
from gql_api.http.documents import digest
from gql_api.http.operation_log import named, told
from mailing.origin import Origin, arising_from

_OF_THE_CALLER = (GraphQLError, CannotGetOperationTypeError, InvalidOperationTypeError, MissingQueryError)

log = structlog.get_logger(__name__)


class MaskUnexpectedErrors(SchemaExtension):
    """Gives every operation an id, under which everything that it does is logged.

    An error that nobody raised for the caller is logged whole and shown as "Internal error" with that id; the others
    get `extensions.code`, if they have none yet: GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED or BAD_USER_INPUT.

    The log names the operation and the document's hash, by which a persisted operation can be found. It never holds
    the document or the variables: clients' phones and texts stand in them. The traceback of an error of Python's own
    may still quote a value.
    """

    def on_operation(self) -> Iterator[None]:
        origin = Origin.new(self._user())
        self._operation_id = origin.operation_id
        with arising_from(origin), told(self.execution_context):
            yield
            self._treat(self.execution_context.result)

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        self._treat(result)
        yield

    def _user(self) -> str | None:
        """Who asks, if that is one: a subscription is executed once for many."""
        context: Context | None = self.execution_context.context
        return (context.viewer.subject or None) if context is not None and context.viewer else None

    def _treat(self, result: object) -> None:
        errors: list[GraphQLError] | None = getattr(result, "errors", None)
        if errors:
            result.errors = [self._shown(error) for error in errors]  # type: ignore[attr-defined]  # it has them: see above

    def _shown(self, error: GraphQLError) -> GraphQLError:
        if _is_unexpected(error):
            return self._masked(error)
        extensions = dict(error.extensions or {})
        extensions.setdefault("code", _code(error))
        error.extensions = extensions
        return error

    def _masked(self, error: GraphQLError) -> GraphQLError:
        log.error(
            "graphql.unexpected_error",
            operation_id=self._operation_id,
            operation=named(self.execution_context.operation_name),
            document=digest(self.execution_context.query or ""),
            path=error.path,
            exc_info=error.original_error,
        )
        return GraphQLError(
            "Internal error",
            nodes=error.nodes,
            path=error.path,
            extensions={"code": "INTERNAL_ERROR", "operationId": self._operation_id},
        )


def _is_unexpected(error: GraphQLError) -> bool:
    return error.original_error is not None and not isinstance(error.original_error, _OF_THE_CALLER)


def _code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    is_of_document = isinstance(error.original_error, CannotGetOperationTypeError)
    return "GRAPHQL_VALIDATION_FAILED" if is_of_document else "BAD_USER_INPUT"
