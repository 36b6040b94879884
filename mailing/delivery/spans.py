"""What of the delivery stands in traces: each job, and requests to the provider below it.

A turn has up to 60,000 requests; a trace of all of them would be read by nobody. Of each job those stand in it that
come first, and of those that failed as many again.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry.trace import SpanKind

from mailing import tracing
from mailing.delivery.messages import Result
from mailing.ids import written
from mailing.origin import Origin
from mailing.provider.protocol import Answer, Verdict

MOST_REQUESTS = 100
"""Of one job, of either kind."""

_seen: ContextVar[Counter[bool] | None] = ContextVar("requests_in_trace", default=None)
"""How many requests of the current job have a span, those that failed (True) and the others."""


@contextmanager
def job_span(name: str, mailing_id: int, origin: Origin | None) -> Iterator[None]:
    """A span for a job, below the operation that it arises from."""
    attributes = {"messaging.system": "dramatiq", "messaging.operation.name": name}
    attributes["mailing.id"] = written("mailing", mailing_id)
    parent = origin.traceparent if origin else None
    token = _seen.set(Counter())
    try:
        with tracing.span(name, attributes, kind=SpanKind.CONSUMER, parent=parent):
            yield
    finally:
        _seen.reset(token)


def note_request(mailing_id: int, result: Result, answer: Answer) -> None:
    """A request that is over, by the clock of this machine."""
    if not tracing.is_on() or answer.verdict is Verdict.UNSENT:
        return
    failed = answer.verdict is not Verdict.ACCEPTED
    seen = _seen.get()
    if seen is None or seen[failed] >= MOST_REQUESTS:
        return
    seen[failed] += 1
    began = round(answer.started_at.timestamp() * 1e9)
    tracing.past_span(
        "provider.send",
        _attributes(mailing_id, result, answer),
        kind=SpanKind.CLIENT,
        began_ns=began,
        ended_ns=began + answer.duration_ms * 1_000_000,
        failed=answer.reason,
    )


def _attributes(mailing_id: int, result: Result, answer: Answer) -> tracing.Attributes:
    attributes: dict[str, str | int | bool] = {
        "mailing.id": written("mailing", mailing_id),
        "mailing.client_id": written("client", result.message.client_id),
        "mailing.message_id": written("message", result.message.id),
        "mailing.attempt": result.message.number,
        "mailing.outcome": answer.verdict.value,
        "mailing.message_status": result.status.value,
    }
    if answer.http_status is not None:
        attributes["http.response.status_code"] = answer.http_status
    return attributes
