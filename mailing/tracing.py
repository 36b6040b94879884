"""Traces by OpenTelemetry: a mutation, the jobs that arise from it, and their requests to the provider, in one.

Off unless the environment names where traces go, by OpenTelemetry's own variables:

* ``OTEL_EXPORTER_OTLP_ENDPOINT`` or ``OTEL_EXPORTER_OTLP_TRACES_ENDPOINT``: a collector, by OTLP over HTTP;
* ``OTEL_TRACES_EXPORTER``: ``otlp``, ``console`` (each span on standard output) or ``none``.

All others of the SDK's hold too: ``OTEL_TRACES_SAMPLER``, ``OTEL_BSP_…``, ``OTEL_RESOURCE_ATTRIBUTES`` (see
https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). Spans go out from a thread of the
SDK's; while the collector is away, they are dropped, and nothing else notices.
"""

import atexit
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from mailing.origin import Origin
from mailing.settings import SettingsError
from mailing.version import version

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

Attributes = Mapping[str, str | int | bool]

LAST_SPANS_SECONDS = 0.5
"""How long a process that ends waits for its last spans to leave."""

_EXPORTERS = ("otlp", "console", "none")
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_PROTOCOL = "http/protobuf"

_propagator = TraceContextTextMapPropagator()
_tracer: Tracer | None = None


def configure_tracing(process: str) -> None:
    """Trace this process, if the environment says where to. Raises SettingsError where it says it wrongly."""
    global _tracer  # noqa: PLW0603  # one a process, set by its composition root
    exporter = _chosen_exporter()
    if exporter == "none":
        return
    # The SDK takes time to import, and few have it on.
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    resource = Resource.create(
        {"service.name": f"mailing-{process}", "service.namespace": "mailing", "service.version": version()}
    )
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(_processor(exporter))
    atexit.register(_end_in_time, provider)
    _tracer = provider.get_tracer("mailing")


def is_on() -> bool:
    """Whether spans go anywhere. What costs something is done only then."""
    return _tracer is not None


@contextmanager
def span(name: str, attributes: Attributes, *, kind: SpanKind, parent: str | None = None) -> Iterator[Span]:
    """A span for the length of the block: in the trace that `parent`, a traceparent, names, or else in a new one.

    An exception that leaves the block is noted on it. Where tracing is off, it is no span, and costs nothing.
    """
    if _tracer is None:
        yield trace.INVALID_SPAN
        return
    context = _propagator.extract({"traceparent": parent}, Context()) if parent else Context()
    with _tracer.start_as_current_span(name, context, kind, attributes) as own:
        yield own


def past_span(name: str, attributes: Attributes, *, kind: SpanKind, began_ns: int, ended_ns: int, failed: str) -> None:
    """Note below the current span what is over already. Moments in nanoseconds since 1970; `failed`: why, or empty."""
    if _tracer is None:
        return
    own = _tracer.start_span(name, kind=kind, attributes=attributes, start_time=began_ns)
    if failed:
        own.set_status(trace.StatusCode.ERROR, failed)
    own.end(ended_ns)


def traceparent() -> str | None:
    """The current span by W3C Trace Context, for a job or a row; None without one."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def link_to(origin: Origin | None) -> None:
    """Join the current span to that of an operation, unless it is in the same trace."""
    current = trace.get_current_span()
    if origin is None or origin.traceparent is None or not current.is_recording():
        return
    carrier = {"traceparent": origin.traceparent}
    other = trace.get_current_span(_propagator.extract(carrier, Context())).get_span_context()
    if other.is_valid and other.trace_id != current.get_span_context().trace_id:
        current.add_link(other)


def _end_in_time(provider: "TracerProvider") -> None:
    """Send what is left, if that is quick: the SDK alone would keep the process up for 20 s without its collector."""
    ending = threading.Thread(target=provider.shutdown, daemon=True)
    ending.start()
    ending.join(LAST_SPANS_SECONDS)


def _chosen_exporter() -> str:
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return "none"
    chosen = os.environ.get("OTEL_TRACES_EXPORTER", "").lower()
    if chosen and chosen not in _EXPORTERS:
        raise SettingsError([f"OTEL_TRACES_EXPORTER: must be one of {', '.join(_EXPORTERS)} (given: {chosen!r})"])
    exporter = chosen or ("otlp" if any(os.environ.get(name) for name in _ENDPOINTS) else "none")
    if exporter == "otlp":
        _check_protocol()
    return exporter


def _check_protocol() -> None:
    name, value = next(((name, os.environ[name]) for name in _PROTOCOLS if os.environ.get(name)), ("", _PROTOCOL))
    if value != _PROTOCOL:
        raise SettingsError([f"{name}: must be {_PROTOCOL} (given: {value!r})"])


def _processor(exporter: str) -> "SpanProcessor":
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

    if exporter == "console":
        return BatchSpanProcessor(ConsoleSpanExporter())
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return BatchSpanProcessor(OTLPSpanExporter())
