"""What workers count of messages on their way: each request to the provider, each result that was committed."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from mailing.delivery.messages import Result
from mailing.metrics.buckets import QUICK, SIZES, SLOW
from mailing.models.message import MessageStatus
from mailing.provider.answers import Failure
from mailing.provider.protocol import Answer, Verdict

area = CollectorRegistry()

REQUEST_SECONDS = Histogram(
    "mailing_provider_request_duration_seconds",
    "Requests to the provider, from the moment they leave to their answer or the lack of one, by what came of them",
    ["outcome"],
    buckets=SLOW,
    registry=area,
)
FAILURES = Counter(
    "mailing_provider_failures",
    "Requests to the provider that were not accepted, by the reason: look at the provider, the network or the token",
    ["reason"],
    registry=area,
)
IN_FLIGHT = Gauge(
    "mailing_provider_requests_in_flight",
    "Requests to the provider that wait for an answer; at MAILING_REQUESTS_IN_FLIGHT its latency is the limit",
    multiprocess_mode="livesum",
    registry=area,
)
RESULTS = Counter(
    "mailing_message_results",
    "Results of tries that were committed, by the status that the message got: PENDING is to be tried again",
    ["status"],
    registry=area,
)
PUT_OFF = Counter(
    "mailing_messages_put_off",
    "Messages that were claimed and not sent, because the client's window had closed meanwhile",
    registry=area,
)
PUMPS = Gauge(
    "mailing_pumps_running",
    "Pumps that send at this moment",
    multiprocess_mode="livesum",
    registry=area,
)
LEASES_LOST = Counter(
    "mailing_pump_leases_lost",
    "Turns that ended because the lease was over: the worker or the database was too slow, and messages are sent again",
    registry=area,
)


class Statement(StrEnum):
    """What a pump asks of the database."""

    CLAIM = "claim"
    RECORD = "record"


STATEMENT_SECONDS = Histogram(
    "mailing_pump_statement_duration_seconds",
    "Statements of pumps that succeeded, from the question to the commit: slow ones make the database the limit",
    ["statement"],
    buckets=QUICK,
    registry=area,
)
BATCH = Histogram(
    "mailing_pump_batch_messages",
    "Messages claimed, or results written, with one statement: many small batches at a high rate waste the database",
    ["statement"],
    buckets=SIZES,
    registry=area,
)


def answered(answer: Answer) -> None:
    """A request has ended; one that never left is none."""
    if answer.verdict is Verdict.UNSENT:
        return
    _SECONDS_BY_OUTCOME[answer.verdict].observe(answer.duration_ms / 1000)
    if answer.verdict is not Verdict.ACCEPTED:
        FAILURES.labels(bounded_reason(answer)).inc()


def written(results: Iterable[Result]) -> None:
    """These results have been committed."""
    for result in results:
        if result.answer is not None:
            _RESULTS_BY_STATUS[result.status].inc()


def stated(statement: Statement, messages: int, seconds: float) -> None:
    """A statement about so many messages has been answered after so long."""
    _SECONDS_BY_STATEMENT[statement].observe(seconds)
    _BATCH_BY_STATEMENT[statement].observe(messages)


def bounded_reason(answer: Answer) -> str:
    """The answer's reason as a label: whatever a provider invents, there are only so many values."""
    status = answer.http_status
    if status is None or (status == 200 and answer.code is None):
        return answer.reason if answer.reason in _REASONS else "other"
    if status == 200:
        return "other code"
    return f"HTTP {status}" if status in _TELLING_STATUSES else f"HTTP {status // 100}xx"


ENDS_OF_A_TRY: Final[Collection[MessageStatus]] = frozenset(MessageStatus) - {MessageStatus.SENDING}
_REASONS = frozenset({*Failure, "cut off"})
_TELLING_STATUSES = frozenset({400, 401, 403, 404, 407, 408, 413, 422, 425, 429, 500, 502, 503, 504})

# Found once: to look a child up by its label takes longer than to count. And what has not happened yet is a zero.
_SECONDS_BY_OUTCOME = {
    verdict: REQUEST_SECONDS.labels(verdict.value) for verdict in Verdict if verdict is not Verdict.UNSENT
}
_RESULTS_BY_STATUS = {status: RESULTS.labels(status.value) for status in ENDS_OF_A_TRY}
_SECONDS_BY_STATEMENT = {statement: STATEMENT_SECONDS.labels(statement.value) for statement in Statement}
_BATCH_BY_STATEMENT = {statement: BATCH.labels(statement.value) for statement in Statement}
