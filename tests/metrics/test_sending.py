"""What workers count of requests and results."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mailing.delivery.messages import Claimed, Result, handed_back
from mailing.metrics import sending
from mailing.models.message import MessageStatus
from mailing.provider.protocol import Answer, Verdict
from tests.metrics.rises import Rises

NOW = datetime(2030, 1, 1, tzinfo=UTC)
MESSAGE = Claimed(7, 1, 79_000_000_001, "Europe/Moscow", 1, uncertain=False)


def answer(verdict: Verdict, reason: str, **more: Any) -> Answer:
    return Answer(verdict, reason, NOW, 250, **more)


@pytest.mark.parametrize(
    ("given", "label"),
    [
        (answer(Verdict.DEFERRED, "HTTP 500", http_status=500), "HTTP 500"),
        (answer(Verdict.DEFERRED, "HTTP 599", http_status=599), "HTTP 5xx"),
        (answer(Verdict.REFUSED, "HTTP 418", http_status=418), "HTTP 4xx"),
        (answer(Verdict.DEFERRED, "HTTP 999", http_status=999), "HTTP 9xx"),
        (answer(Verdict.DEFERRED, "code 17", http_status=200, code=17), "other code"),
        (answer(Verdict.DEFERRED, "code -2147483648", http_status=200, code=-(2**31)), "other code"),
        (answer(Verdict.UNANSWERED, "unreadable answer", http_status=200), "unreadable answer"),
        (answer(Verdict.UNANSWERED, "timeout"), "timeout"),
        (answer(Verdict.UNANSWERED, "cut off"), "cut off"),
        (answer(Verdict.UNANSWERED, "what nobody has thought of"), "other"),
    ],
)
def test_reasons_are_labels_of_which_there_are_only_so_many(given: Answer, label: str) -> None:
    assert sending.bounded_reason(given) == label


def test_a_request_is_counted_by_its_outcome_with_its_seconds() -> None:
    rises = Rises(sending.area)
    sending.answered(answer(Verdict.ACCEPTED, "", http_status=200, code=0))
    sending.answered(answer(Verdict.UNANSWERED, "timeout"))

    name = "mailing_provider_request_duration_seconds"
    assert rises.of(f"{name}_count", outcome="ACCEPTED") == 1
    assert rises.of(f"{name}_sum", outcome="UNANSWERED") == pytest.approx(0.25)
    assert rises.of(f"{name}_bucket", outcome="ACCEPTED", le="0.25") == 1
    assert rises.of(f"{name}_bucket", outcome="ACCEPTED", le="0.1") == 0
    assert rises.of("mailing_provider_failures_total", reason="timeout") == 1
    assert rises.of("mailing_provider_failures_total") == 1


def test_what_never_left_is_no_request() -> None:
    rises = Rises(sending.area)
    sending.answered(answer(Verdict.UNSENT, "no time left"))
    assert rises.of("mailing_provider_request_duration_seconds_count") == 0


def test_results_count_as_what_they_were_written_and_what_was_not_tried_is_none() -> None:
    rises = Rises(sending.area)
    sent = Result(MESSAGE, MessageStatus.SENT, answer=answer(Verdict.ACCEPTED, ""))
    again = Result(MESSAGE, MessageStatus.PENDING, answer=answer(Verdict.DEFERRED, "HTTP 500", http_status=500))
    sending.written([sent, sent, again, handed_back(MESSAGE)])

    assert rises.of("mailing_message_results_total", status="SENT") == 2
    assert rises.of("mailing_message_results_total", status="PENDING") == 1
    assert rises.of("mailing_message_results_total") == 3
