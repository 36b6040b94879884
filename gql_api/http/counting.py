"""Counts operations by name and outcome, and measures them."""

import time
from collections.abc import Iterable, Iterator

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types.execution import PreExecutionError, StreamExecutionResult
from strawberry.types.graphql import OperationType

from mailing.metrics.graphql import FAILED, OK, OPERATION_SECONDS, REFUSED, ended, name_label

_OURS = frozenset({"INTERNAL_ERROR", "OPERATION_TIMEOUT"})
"""Codes of errors that are no mistake of the caller's."""
_UNKNOWN = "unknown"


class CountOperations(SchemaExtension):
    """Stands before all other extensions: what it sees of errors is what the caller sees."""

    def on_operation(self) -> Iterator[None]:
        self._outcome = OK
        began = time.perf_counter()
        try:
            yield
        finally:  # Who follows a stream may leave at any moment; then it is closed right here.
            self._count(time.perf_counter() - began)

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        try:
            yield
        finally:
            self._note(getattr(result, "errors", None))

    def _count(self, seconds: float) -> None:
        result = self.execution_context.result
        self._note(getattr(result, "errors", None))
        kind = self._kind()
        is_valid = _was_executed(kind, result)
        name = name_label(self.execution_context.operation_name, is_valid=is_valid)
        type_label = kind.value if kind else _UNKNOWN
        ended(type_label, name, self._outcome if is_valid else REFUSED)
        if is_valid and kind is not OperationType.SUBSCRIPTION:
            OPERATION_SECONDS.labels(type_label, name).observe(seconds)

    def _kind(self) -> OperationType | None:
        """None for what is no document, or not one whose operation can be told."""
        try:
            return self.execution_context.operation_type
        except RuntimeError:
            return None

    def _note(self, errors: Iterable[GraphQLError] | None) -> None:
        for error in errors or ():
            if (error.extensions or {}).get("code") in _OURS:
                self._outcome = FAILED
            elif self._outcome is OK:
                self._outcome = REFUSED


def _was_executed(kind: OperationType | None, result: object) -> bool:
    """Whether the schema allowed it. A subscription may end before its first result."""
    if kind is None or isinstance(result, PreExecutionError):
        return False
    return result is not None or kind is OperationType.SUBSCRIPTION
