"""The span of an operation."""

from opentelemetry.trace import SpanKind, StatusCode

from mailing.db.orm import fetch_value
from tests.gql_api.api import Api
from tests.spans import Spans

TRACE = "0af7651916cd43dd8448eb211c80319c"
CREATE = """
    mutation Create($input: CreateMailingInput!) { createMailing(input: $input) { ... on Mailing { id } } }
"""
MAILING = {"text": "Hello", "startsAt": "2090-01-01T00:00:00Z", "endsAt": "2090-01-02T00:00:00Z"}


async def test_an_operation_is_in_the_trace_of_its_request_and_what_it_creates_knows_it(api: Api, spans: Spans) -> None:
    # When
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    body = {"query": CREATE, "variables": {"input": MAILING}}
    async with api.http.post(f"http://{api.address}/graphql", json=body, headers=headers) as response:
        assert "errors" not in await response.json()

    # Then
    (span,) = spans()
    assert (span.name, span.kind, span.status.status_code) == ("mutation Create", SpanKind.SERVER, StatusCode.UNSET)
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == TRACE
    attributes = dict(span.attributes or {})
    assert len(str(attributes.pop("mailing.operation_id"))) == 16
    assert attributes == {"graphql.operation.type": "mutation", "graphql.operation.name": "Create"}
    traceparent = f"00-{TRACE}-{span.context.span_id:016x}-01"
    assert await fetch_value("SELECT origin->>'traceparent' FROM mailing") == traceparent


async def test_an_operation_with_errors_is_marked(api: Api, spans: Spans) -> None:
    await api.errors('{ clients(first: 5, after: "nonsense") { totalCount } }')
    (span,) = spans()
    assert (span.name, span.status.status_code) == ("query", StatusCode.ERROR)


async def test_nothing_is_kept_of_a_request_where_tracing_is_off(api: Api) -> None:
    await api.ask(CREATE, input=MAILING)
    assert await fetch_value("SELECT origin->>'traceparent' FROM mailing") is None
