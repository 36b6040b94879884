"""Which answers speak against the provider."""

from datetime import UTC, datetime

import pytest

from mailing.delivery.breaker import is_evidence, is_failure
from mailing.provider.answers import Failure
from mailing.provider.protocol import Answer, Verdict


def answer(verdict: Verdict, http_status: int | None = None) -> Answer:
    return Answer(verdict, "", datetime.now(UTC), 1, http_status)


@pytest.mark.parametrize(
    ("verdict", "http_status", "fails"),
    [
        (Verdict.ACCEPTED, 200, False),
        (Verdict.REFUSED, 400, False),
        (Verdict.REFUSED, 404, False),
        (Verdict.DEFERRED, 200, False),  # another code
        (Verdict.DEFERRED, 302, False),
        (Verdict.DEFERRED, 408, False),
        (Verdict.DEFERRED, 425, False),
        (Verdict.DEFERRED, 429, False),
        (Verdict.DEFERRED, 500, True),
        (Verdict.DEFERRED, 503, True),
        (Verdict.DEFERRED, None, True),  # connection refused
        (Verdict.UNANSWERED, 502, True),
        (Verdict.UNANSWERED, 504, True),
        (Verdict.UNANSWERED, 200, True),  # nonsense
        (Verdict.UNANSWERED, None, True),  # timeout, connection lost
        (Verdict.UNAUTHORIZED, 401, False),  # a matter of its own
        (Verdict.UNSENT, None, False),
    ],
)
def test_what_counts_as_a_failure_of_the_provider(verdict: Verdict, http_status: int | None, fails: bool) -> None:
    assert is_failure(answer(verdict, http_status)) == fails


@pytest.mark.parametrize("verdict", Verdict)
def test_all_that_left_is_evidence(verdict: Verdict) -> None:
    assert is_evidence(answer(verdict)) == (verdict is not Verdict.UNSENT)


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_without_an_answer_counts_unless_the_fault_was_ours(failure: Failure) -> None:
    ours = failure.verdict in (Verdict.UNSENT, Verdict.REFUSED)
    assert is_failure(answer(failure.verdict)) == (not ours)
