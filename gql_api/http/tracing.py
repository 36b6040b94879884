"""One span for each query and mutation; none for subscriptions, which last and are executed once for many."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from opentelemetry.trace import SpanKind, Status, StatusCode
from strawberry.types import ExecutionContext

from gql_api.http.operation_log import named
from mailing import origin, tracing


@contextmanager
def traced(operation: ExecutionContext) -> Iterator[None]:
    """A span for the length of the block, in the trace that the request names, if it names one; all that arises from
    the operation belongs to it. Attributes by OpenTelemetry's conventions for GraphQL, never document or variables.
    """
    if not tracing.is_on():
        yield
        return
    kind, name = operation.operation_type.value, named(operation.operation_name)
    attributes = {"graphql.operation.type": kind} | ({"graphql.operation.name": name} if name else {})
    parent = operation.context.traceparent if operation.context is not None else None
    with tracing.span(f"{kind} {name}" if name else kind, attributes, kind=SpanKind.SERVER, parent=parent) as span:
        arising = origin.current()
        if arising is not None:
            span.set_attribute("mailing.operation_id", arising.operation_id)
            arising = replace(arising, traceparent=tracing.traceparent())
        with origin.arising_from(arising):
            yield
        if getattr(operation.result, "errors", None):
            span.set_status(Status(StatusCode.ERROR))
