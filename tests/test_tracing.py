"""What goes into traces, and when any go out."""

import os
import socket
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from mailing import tracing
from mailing.delivery.messages import Claimed, Result
from mailing.delivery.spans import MOST_REQUESTS, job_span, note_request
from mailing.models.message import MessageStatus
from mailing.origin import Origin
from mailing.provider.protocol import Answer, Verdict
from mailing.settings import SettingsError
from tests.running import run
from tests.spans import Spans

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OTHER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def answer(verdict: Verdict) -> Answer:
    reason = "" if verdict is Verdict.ACCEPTED else "HTTP 500"
    status = 200 if verdict is Verdict.ACCEPTED else 500
    return Answer(verdict, reason, datetime(2026, 11, 22, 12, tzinfo=UTC), 40, http_status=status)


def result(number: int) -> Result:
    return Result(Claimed(number, 5, 79_001_112_233, "Europe/Moscow", 1, False), MessageStatus.SENT)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"},
        {"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"},
    ],
)
def test_nothing_is_traced_unless_the_environment_asks_for_it(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    # When
    tracing.configure_tracing("worker")

    # Then
    assert not tracing.is_on()
    with tracing.span("x", {}, kind=SpanKind.INTERNAL):
        assert tracing.traceparent() is None


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        (
            {"OTEL_TRACES_EXPORTER": "zipkin"},
            "OTEL_TRACES_EXPORTER: must be one of otlp, console, none (given: 'zipkin')",
        ),
        (
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL: must be http/protobuf (given: 'grpc')",
        ),
    ],
)
def test_a_wrong_variable_is_named_with_what_is_allowed(
    environment: dict[str, str], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        tracing.configure_tracing("worker")
    assert raised.value.problems == [problem]


def test_a_job_is_below_the_operation_that_it_arises_from(spans: Spans) -> None:
    # When
    with job_span("mailing.pump", 7, Origin("5f0c", "alice", PARENT)):
        tracing.link_to(Origin("5f0c", "alice", PARENT))

    # Then it is in that trace, and not joined to it once more
    (span,) = spans()
    assert (span.name, span.kind) == ("mailing.pump", SpanKind.CONSUMER)
    assert span.parent is not None
    assert f"{span.parent.trace_id:032x}" == PARENT.split("-")[1]
    assert span.attributes == {
        "messaging.system": "dramatiq",
        "messaging.operation.name": "mailing.pump",
        "mailing.id": "mailing_7",
    }
    assert span.links == ()


def test_a_job_that_the_service_woke_itself_is_joined_to_the_operation_that_created_the_mailing(spans: Spans) -> None:
    # When
    with job_span("mailing.pump", 7, None):
        tracing.link_to(Origin("5f0c", "alice", OTHER))
        tracing.link_to(None)

    # Then
    (span,) = spans()
    assert span.parent is None
    assert [f"{link.context.trace_id:032x}" for link in span.links] == [OTHER.split("-")[1]]


def test_an_exception_stands_on_the_span_of_its_job(spans: Spans) -> None:
    with pytest.raises(ZeroDivisionError), job_span("mailing.start", 7, None):
        raise ZeroDivisionError
    (span,) = spans()
    assert span.status.status_code is StatusCode.ERROR
    assert [event.name for event in span.events] == ["exception"]


def test_a_request_stands_below_its_job_with_when_it_was_and_what_came_of_it(spans: Spans) -> None:
    # When
    with job_span("mailing.pump", 7, None):
        note_request(7, result(9), answer(Verdict.DEFERRED))

    # Then
    request, job = spans()
    assert (request.name, request.kind, request.status.description) == ("provider.send", SpanKind.CLIENT, "HTTP 500")
    assert request.parent is not None
    assert job.context is not None
    assert request.parent.span_id == job.context.span_id
    assert request.start_time is not None
    assert request.end_time is not None
    assert datetime.fromtimestamp(request.start_time / 1e9, UTC) == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert request.end_time - request.start_time == 40_000_000
    assert request.attributes == {
        "mailing.id": "mailing_7",
        "mailing.client_id": "client_5",
        "mailing.message_id": "message_9",
        "mailing.attempt": 1,
        "mailing.outcome": "DEFERRED",
        "mailing.message_status": "SENT",
        "http.response.status_code": 500,
    }


def test_of_a_job_the_first_requests_stand_in_a_trace_and_as_many_that_failed(spans: Spans) -> None:
    # When
    with job_span("mailing.pump", 7, None):
        for number in range(3 * MOST_REQUESTS):
            note_request(7, result(number), answer(Verdict.ACCEPTED))
        for number in range(3 * MOST_REQUESTS):
            note_request(7, result(number), answer(Verdict.DEFERRED))

    # Then
    statuses = [span.status.status_code for span in spans() if span.name == "provider.send"]
    assert statuses == [StatusCode.UNSET] * MOST_REQUESTS + [StatusCode.ERROR] * MOST_REQUESTS


def test_what_did_not_leave_is_no_request(spans: Spans) -> None:
    with job_span("mailing.pump", 7, None):
        note_request(7, result(9), answer(Verdict.UNSENT))
    assert [span.name for span in spans()] == ["mailing.pump"]


async def test_a_process_ends_in_time_while_its_collector_is_away() -> None:
    # Given a port that takes connections and never answers
    script = """
        import time
        from opentelemetry.trace import SpanKind
        from mailing import tracing
        tracing.configure_tracing("worker")
        with tracing.span("x", {}, kind=SpanKind.INTERNAL):
            pass
        print(time.monotonic())
    """
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"

        # When
        env = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
        ran = await run(sys.executable, "-c", textwrap.dedent(script), folder=Path.cwd(), env=env)
        took = time.monotonic() - float(ran.output)

    # Then the SDK alone would try for ten seconds and more
    assert ran.status == 0
    assert took < 5
