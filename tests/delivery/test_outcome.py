"""What an answer makes of a message: verdict by doubt by time left by tries."""

from datetime import UTC, datetime, time, timedelta

import pytest

from mailing.delivery.messages import Claimed, Result, Terms, handed_back
from mailing.delivery.outcome import result_of, result_of_failed_probe
from mailing.delivery.retry import RetryPolicy
from mailing.delivery.window import LocalTimeWindow
from mailing.models.message import MessageStatus
from mailing.provider.protocol import Answer, Verdict

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # 20:00 in Moscow
POLICY = RetryPolicy(max_attempts=5, base=timedelta(seconds=1), cap=timedelta(minutes=1))
LONG, OVER = timedelta(hours=24), timedelta(milliseconds=1)

ACCEPTED, REFUSED, DEFERRED = Verdict.ACCEPTED, Verdict.REFUSED, Verdict.DEFERRED
UNANSWERED, UNAUTHORIZED = Verdict.UNANSWERED, Verdict.UNAUTHORIZED
CERTAIN, UNCERTAIN = False, True

SENT = (MessageStatus.SENT, False, True, None)
AGAIN = (MessageStatus.PENDING, False, True, None)
AGAIN_IN_DOUBT = (MessageStatus.PENDING, True, True, "why")
HELD = (MessageStatus.PENDING, False, False, None)
HELD_IN_DOUBT = (MessageStatus.PENDING, True, False, None)


def ended(status: MessageStatus, reason: str) -> tuple[MessageStatus, bool, bool, str]:
    return (status, False, True, reason)


FAILED = ended(MessageStatus.FAILED, "why")
TRIES_USED_UP = ended(MessageStatus.FAILED, "tries used up: why")
EXPIRED = ended(MessageStatus.EXPIRED, "why")
UNCONFIRMED = ended(MessageStatus.UNCONFIRMED, "why")
UNCONFIRMED_TRIES_USED_UP = ended(MessageStatus.UNCONFIRMED, "tries used up: why")


def claimed(*, number: int = 1, uncertain: bool = False) -> Claimed:
    return Claimed(7, 5, 79_001_112_233, "Europe/Moscow", number, uncertain)


def terms_that_end(ends_in: timedelta) -> Terms:
    return Terms(3, 1, "Hello", 5, NOW + ends_in, LocalTimeWindow(time(9), time(21)))


def decide(
    verdict: Verdict, *, uncertain: bool = False, ends_in: timedelta = LONG, number: int = 1
) -> tuple[Result, Answer, Claimed]:
    answer = Answer(verdict, "" if verdict is ACCEPTED else "why", NOW, 12)
    message = claimed(number=number, uncertain=uncertain)
    terms = terms_that_end(ends_in)
    result = result_of(answer, message, terms, text_version=4, policy=POLICY, now=NOW, random=lambda: 0.5)
    return result, answer, message


@pytest.mark.parametrize(
    ("verdict", "uncertain", "ends_in", "number", "expected"),
    [
        (ACCEPTED, CERTAIN, LONG, 1, SENT),
        (ACCEPTED, CERTAIN, LONG, 5, SENT),
        (ACCEPTED, CERTAIN, -LONG, 1, SENT),
        (ACCEPTED, CERTAIN, -LONG, 5, SENT),
        (ACCEPTED, UNCERTAIN, LONG, 1, SENT),
        (ACCEPTED, UNCERTAIN, LONG, 5, SENT),
        (ACCEPTED, UNCERTAIN, -LONG, 1, SENT),
        (ACCEPTED, UNCERTAIN, -LONG, 5, SENT),
        (REFUSED, CERTAIN, LONG, 1, FAILED),
        (REFUSED, CERTAIN, LONG, 5, FAILED),
        (REFUSED, CERTAIN, OVER, 1, FAILED),
        (REFUSED, CERTAIN, OVER, 5, FAILED),
        (REFUSED, UNCERTAIN, LONG, 1, UNCONFIRMED),
        (REFUSED, UNCERTAIN, LONG, 5, UNCONFIRMED),
        (REFUSED, UNCERTAIN, OVER, 1, UNCONFIRMED),
        (REFUSED, UNCERTAIN, OVER, 5, UNCONFIRMED),
        (DEFERRED, CERTAIN, LONG, 1, AGAIN),
        (DEFERRED, CERTAIN, LONG, 4, AGAIN),
        (DEFERRED, CERTAIN, LONG, 5, TRIES_USED_UP),
        (DEFERRED, CERTAIN, OVER, 1, EXPIRED),
        (DEFERRED, CERTAIN, OVER, 5, TRIES_USED_UP),
        (DEFERRED, UNCERTAIN, LONG, 1, AGAIN_IN_DOUBT),
        (DEFERRED, UNCERTAIN, LONG, 5, UNCONFIRMED_TRIES_USED_UP),
        (DEFERRED, UNCERTAIN, OVER, 1, UNCONFIRMED),
        (DEFERRED, UNCERTAIN, OVER, 5, UNCONFIRMED_TRIES_USED_UP),
        (UNANSWERED, CERTAIN, LONG, 1, AGAIN_IN_DOUBT),
        (UNANSWERED, CERTAIN, LONG, 5, UNCONFIRMED_TRIES_USED_UP),
        (UNANSWERED, CERTAIN, OVER, 1, UNCONFIRMED),
        (UNANSWERED, CERTAIN, OVER, 5, UNCONFIRMED_TRIES_USED_UP),
        (UNANSWERED, UNCERTAIN, LONG, 1, AGAIN_IN_DOUBT),
        (UNANSWERED, UNCERTAIN, LONG, 5, UNCONFIRMED_TRIES_USED_UP),
        (UNANSWERED, UNCERTAIN, OVER, 1, UNCONFIRMED),
        (UNANSWERED, UNCERTAIN, OVER, 5, UNCONFIRMED_TRIES_USED_UP),
        (UNAUTHORIZED, CERTAIN, LONG, 1, HELD),
        (UNAUTHORIZED, CERTAIN, LONG, 5, HELD),
        (UNAUTHORIZED, CERTAIN, -LONG, 1, HELD),
        (UNAUTHORIZED, CERTAIN, -LONG, 5, HELD),
        (UNAUTHORIZED, UNCERTAIN, LONG, 1, HELD_IN_DOUBT),
        (UNAUTHORIZED, UNCERTAIN, LONG, 5, HELD_IN_DOUBT),
        (UNAUTHORIZED, UNCERTAIN, -LONG, 1, HELD_IN_DOUBT),
        (UNAUTHORIZED, UNCERTAIN, -LONG, 5, HELD_IN_DOUBT),
    ],
)
def test_what_becomes_of_a_message(
    verdict: Verdict,
    uncertain: bool,
    ends_in: timedelta,
    number: int,
    expected: tuple[MessageStatus, bool, bool, str | None],
) -> None:
    # When
    result, answer, message = decide(verdict, uncertain=uncertain, ends_in=ends_in, number=number)

    # Then
    assert (result.status, result.uncertain, result.spent, result.reason) == expected
    assert (result.message, result.answer, result.text_version) == (message, answer, 4)


def test_a_further_try_waits_as_the_policy_says() -> None:
    assert decide(DEFERRED, number=3)[0].due_at == NOW + timedelta(seconds=2)


def test_a_try_that_a_refused_token_made_void_is_due_when_it_was() -> None:
    assert decide(UNAUTHORIZED)[0].due_at is None


def test_what_never_left_for_a_reason_of_ours_is_handed_back_as_if_it_had_not_been_tried() -> None:
    # When
    result, _, message = decide(Verdict.UNSENT, uncertain=True)

    # Then
    assert result == handed_back(message)


def test_only_a_message_that_is_out_of_time_says_under_which_terms_that_was_found() -> None:
    given_up = [decide(DEFERRED, ends_in=OVER), decide(DEFERRED, number=5), decide(REFUSED), decide(ACCEPTED)]
    assert [result.too_late_under for result, _, _ in given_up] == [1, None, None, None]


@pytest.mark.parametrize(
    ("verdict", "uncertain", "is_uncertain_now"),
    [
        (DEFERRED, CERTAIN, False),
        (DEFERRED, UNCERTAIN, True),
        (UNANSWERED, CERTAIN, True),
        (UNAUTHORIZED, CERTAIN, False),
        (UNAUTHORIZED, UNCERTAIN, True),
    ],
)
def test_a_failed_probe_costs_its_message_no_try_and_lets_others_go_first(
    verdict: Verdict, uncertain: bool, is_uncertain_now: bool
) -> None:
    result = failed_probe(Answer(verdict, "why", NOW, 12), claimed(number=5, uncertain=uncertain))

    assert (result.status, result.spent, result.uncertain) == (MessageStatus.PENDING, False, is_uncertain_now)
    assert result.due_at == NOW + POLICY.base


@pytest.mark.parametrize(
    ("retry_after", "ends_in", "waits"),
    [
        (timedelta(seconds=30), LONG, timedelta(seconds=30)),
        (timedelta(0), LONG, POLICY.base),
        (timedelta.max, LONG, LONG),
        (None, OVER, OVER),
    ],
)
def test_a_failed_probe_s_message_waits_as_long_as_it_was_asked_to_and_not_past_the_end(
    retry_after: timedelta | None, ends_in: timedelta, waits: timedelta
) -> None:
    answer = Answer(DEFERRED, "HTTP 503", NOW, 12, 503, retry_after=retry_after)

    assert failed_probe(answer, claimed(), ends_in).due_at == NOW + waits


def failed_probe(answer: Answer, message: Claimed, ends_in: timedelta = LONG) -> Result:
    return result_of_failed_probe(answer, message, terms_that_end(ends_in), text_version=4, policy=POLICY, now=NOW)
