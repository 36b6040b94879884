"""Answers of one result, in whichever form the caller reads."""

from graphql import GraphQLError
from starlette.responses import Response
from strawberry.types import ExecutionResult

from gql_api.http import sse
from gql_api.http.frames import encoded
from gql_api.http.limits import OperationTimeoutError
from gql_api.http.negotiation import Form
from gql_api.http.refusals import RefusedError

VARY = {"Vary": "Accept"}


def refusal(error: RefusedError, form: Form | None) -> Response:
    """Always JSON, for the status tells the same to those who wanted a stream."""
    form = Form.GRAPHQL if form is Form.GRAPHQL else Form.JSON
    return Response(encoded(error.body), error.status, error.headers | VARY, _content_type(form))


def answer(result: ExecutionResult, form: Form) -> Response:
    """Status 200, and 400 for what was not executed where the caller reads application/graphql-response+json.

    Clients that read application/json alone may take another status for the failure of something on the way.
    """
    shown, is_executed = _shown(result)
    body = encoded(shown)
    if form is Form.EVENTS:
        return Response(sse.event(body.decode()) + sse.END, 200, sse.HEADERS | VARY, form)
    return Response(body, 400 if form is Form.GRAPHQL and not is_executed else 200, VARY, _content_type(form))


def errors_payload(errors: list[GraphQLError]) -> str:
    """What stands in for a result where there is none."""
    return encoded({"errors": [error.formatted for error in errors]}).decode()


def _shown(result: ExecutionResult) -> tuple[dict[str, object], bool]:
    """The answer, and whether anything was executed. The specification forbids `data` where nothing was."""
    errors = result.errors or ()
    is_executed = result.data is not None or any(e.path or isinstance(e, OperationTimeoutError) for e in errors)
    shown: dict[str, object] = {}
    if result.errors:
        shown["errors"] = [error.formatted for error in result.errors]
    if is_executed:
        shown["data"] = result.data
    if result.extensions:
        shown["extensions"] = result.extensions
    return shown, is_executed


def _content_type(form: Form) -> str:
    return f"{form}; charset=utf-8"
