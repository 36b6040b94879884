"""A collector of traces: OTLP over HTTP, as OpenTelemetry's exporter talks it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue


@dataclass(frozen=True, slots=True)
class Collected:
    """A span as it arrived. Ids in hexadecimal digits."""

    process: str
    name: str
    trace: str
    id: str
    parent: str
    """Empty where it is the first of its trace."""
    links: list[str]
    """The traces that it is joined to."""
    attributes: dict[str, str | int]


@dataclass(slots=True)
class Collector:
    endpoint: str = ""
    spans: list[Collected] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        sent = ExportTraceServiceRequest.FromString(await request.read())
        for of_process in sent.resource_spans:
            process = _values(of_process.resource.attributes)["service.name"]
            self.spans += [
                Collected(
                    str(process),
                    span.name,
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    [link.trace_id.hex() for link in span.links],
                    _values(span.attributes),
                )
                for scope in of_process.scope_spans
                for span in scope.spans
            ]
        return web.Response()


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """One that listens for the length of the block."""
    collector = Collector()
    app = web.Application()
    app.router.add_post("/v1/traces", collector.take)
    async with TestServer(app) as server:
        collector.endpoint = str(server.make_url("/"))
        yield collector


def _values(attributes: object) -> dict[str, str | int]:
    return {one.key: _value(one.value) for one in attributes}  # type: ignore[attr-defined]  # of protobuf's own type


def _value(value: AnyValue) -> str | int:
    return value.string_value or value.int_value
