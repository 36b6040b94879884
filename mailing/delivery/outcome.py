"""What an answer of the provider means for the message: a pure function."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from mailing.delivery.lifecycle import MessageEvent, message_after
from mailing.delivery.messages import Claimed, Result, Terms, handed_back
from mailing.delivery.reasons import TRIES_USED_UP
from mailing.delivery.retry import GiveUp, GiveUpReason, Retry, RetryPolicy, next_try
from mailing.models.message import MessageStatus
from mailing.provider.protocol import Answer, Verdict


def result_of(
    answer: Answer,
    message: Claimed,
    terms: Terms,
    *,
    text_version: int,
    policy: RetryPolicy,
    now: datetime,
    random: Callable[[], float],
) -> Result:
    """What becomes of `message`, which was sent with that wording and got `answer`, under the terms of now.

    A message that may have been accepted by an earlier, unanswered try is never called failed or expired: without
    a later acceptance it ends UNCONFIRMED. A refused token says nothing of the message and costs it no try.
    """
    if answer.verdict is Verdict.UNSENT:
        return handed_back(message)
    uncertain = message.uncertain or answer.verdict is Verdict.UNANSWERED
    result = partial(_result, message=message, answer=answer, text_version=text_version)
    if answer.verdict is Verdict.ACCEPTED:
        return result(MessageEvent.ACCEPT)
    if answer.verdict is Verdict.UNAUTHORIZED:
        return result(MessageEvent.RELEASE, uncertain=uncertain, spent=False)
    next_ = next_try(
        policy,
        attempts=message.number,
        answer=answer,
        now=now,
        ends_at=terms.ends_at,
        window=terms.window,
        zone=message.timezone,
        random=random,
    )
    if isinstance(next_, Retry):
        # Kept while uncertain: if nothing can be tried any more, this is why it is UNCONFIRMED.
        reason = answer.reason if uncertain else None
        return result(MessageEvent.RETRY, due_at=next_.at, uncertain=uncertain, reason=reason)
    too_late_under = terms.revision if next_.reason is GiveUpReason.OUT_OF_TIME else None
    return result(_ending(next_, uncertain), reason=_reason(next_, answer), too_late_under=too_late_under)


def result_of_failed_probe(
    answer: Answer, message: Claimed, terms: Terms, *, text_version: int, policy: RetryPolicy, now: datetime
) -> Result:
    """What becomes of a message whose request found that the provider still does not work: it costs it no try.

    It waits behind others that are due, also where it was the token that was refused: that may have been for this
    message alone. Its mailing's end, not the probe, ends it.
    """
    wait = max(policy.base, answer.retry_after or policy.base)
    return Result(
        message,
        MessageStatus.PENDING,
        # Compared before it is added: a Retry-After of ten thousand years must not overflow the calendar.
        due_at=now + min(wait, terms.ends_at - now),
        uncertain=message.uncertain or answer.verdict is Verdict.UNANSWERED,
        spent=False,
        answer=answer,
        text_version=text_version,
    )


def _ending(given_up: GiveUp, uncertain: bool) -> MessageEvent:
    if uncertain:
        return MessageEvent.GIVE_UP_UNCONFIRMED
    return MessageEvent.EXPIRE if given_up.reason is GiveUpReason.OUT_OF_TIME else MessageEvent.REFUSE


def _reason(given_up: GiveUp, answer: Answer) -> str:
    if given_up.reason is GiveUpReason.ATTEMPTS_USED_UP:
        return f"{TRIES_USED_UP}: {answer.reason}"
    return answer.reason


def _result(
    event: MessageEvent,
    *,
    message: Claimed,
    answer: Answer,
    text_version: int,
    due_at: datetime | None = None,
    uncertain: bool = False,
    spent: bool = True,
    reason: str | None = None,
    too_late_under: int | None = None,
) -> Result:
    status = message_after(MessageStatus.SENDING, event)
    assert status is not None, f"{event} is not an end of sending"
    return Result(message, status, due_at, uncertain, spent, reason, answer, text_version, too_late_under)
