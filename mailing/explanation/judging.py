"""The answer to whether and why: a pure function of the facts, which goes by the same rules as the engine."""

from datetime import datetime

from mailing.delivery.breaker import BreakerState
from mailing.delivery.reasons import CLIENT_DELETED, LEFT_OUT, TRIES_USED_UP
from mailing.delivery.window import is_open, next_opening
from mailing.explanation.explanation import Cause, Judgement, Outcome
from mailing.explanation.facts import Facts, MailingFacts, MessageFacts
from mailing.explanation.matching import match_now, match_then, was_added_after
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.timeline.entries import EntryKind


def judge(facts: Facts) -> Judgement:
    """Whether the client was, was not, or will be sent the mailing, and why."""
    if facts.mailing is None:
        return _of_deleted_mailing(facts)
    if facts.mailing.messages_removed_at is not None:
        return _with_message_removed(facts, facts.mailing.messages_removed_at)
    if facts.message is None:
        return _without_message(facts, facts.mailing)
    if facts.message.status is MessageStatus.PENDING:
        return _waiting(facts, facts.mailing, facts.message)
    return _with_final_status(facts.message)


def _of_deleted_mailing(facts: Facts) -> Judgement:
    """With the mailing its messages went, and with them what had been sent."""
    deleted = facts.last_of_mailing(EntryKind.MAILING_DELETED)
    was_started = facts.last_of_mailing(EntryKind.MAILING_STARTED) is not None
    outcome = Outcome.UNKNOWN if was_started else Outcome.NOT_SENT
    return Judgement(outcome, Cause.MAILING_DELETED, deleted.at if deleted else None)


def _with_message_removed(facts: Facts, removed_at: datetime) -> Judgement:
    """Whether there was one is not known any more, but of a client who came too late to have any.

    Not by the filter: it may have been another one when the mailing first chose its clients.
    """
    selected_at = facts.selected_at
    if selected_at is not None and was_added_after(facts, selected_at):
        return Judgement(Outcome.NOT_SENT, Cause.CLIENT_ADDED_LATER, selected_at)
    return Judgement(Outcome.UNKNOWN, Cause.MESSAGES_REMOVED, removed_at)


def _with_final_status(message: MessageFacts) -> Judgement:
    reason = message.reason or ""
    match message.status:
        case MessageStatus.SENDING:
            return Judgement(Outcome.BEING_SENT, Cause.IN_FLIGHT)
        case MessageStatus.SENT:
            return Judgement(Outcome.SENT, Cause.ACCEPTED, message.ended_at)
        case MessageStatus.UNCONFIRMED:
            return Judgement(Outcome.MAY_HAVE_BEEN_SENT, Cause.UNCONFIRMED, message.ended_at)
        case MessageStatus.FAILED:
            cause = Cause.TRIES_USED_UP if reason.startswith(TRIES_USED_UP) else Cause.REFUSED
        case MessageStatus.EXPIRED:
            cause = Cause.MAILING_ENDED
        case _:
            because = {CLIENT_DELETED: Cause.CLIENT_DELETED, LEFT_OUT: Cause.FILTER_CHANGED}
            cause = because.get(reason, Cause.MAILING_CANCELLED)
    return Judgement(Outcome.NOT_SENT, cause, message.ended_at)


def _waiting(facts: Facts, mailing: MailingFacts, message: MessageFacts) -> Judgement:
    if mailing.is_being_checked and _is_left_out(facts):
        return Judgement(Outcome.WILL_NOT_BE_SENT, Cause.FILTER_CHANGED)
    if mailing.status is MailingStatus.PAUSED:
        cause = Cause.PAUSED
    elif mailing.is_being_checked:
        cause = Cause.BEING_CHOSEN
    elif facts.channel.state is not BreakerState.CLOSED:
        cause = Cause.CHANNEL_HELD
    elif message.next_try_at(facts.now) is not None:
        cause = Cause.RETRY
    elif not is_open(mailing.window, message.timezone, facts.now):
        cause = Cause.WINDOW_CLOSED
    else:
        cause = Cause.IN_LINE
    return _from_then_on(facts, mailing, message.timezone, message.due_at, cause)


def _is_left_out(facts: Facts) -> bool:
    now = match_now(facts)
    return now is not None and not now.matches


def _from_then_on(facts: Facts, mailing: MailingFacts, zone: str, due_at: datetime, cause: Cause) -> Judgement:
    """It waits for `cause`, and is not due before `due_at`; is there time left by then?"""
    moment = max(facts.now, due_at)
    if facts.channel.state is not BreakerState.CLOSED and facts.channel.next_probe_at is not None:
        moment = max(moment, facts.channel.next_probe_at)
    if moment >= mailing.ends_at:
        ended_at = mailing.ends_at if mailing.ends_at <= facts.now else None
        return Judgement(Outcome.WILL_NOT_BE_SENT, Cause.MAILING_ENDED, ended_at)
    opens_at = next_opening(mailing.window, zone, moment)
    if opens_at is None or opens_at >= mailing.ends_at:
        return Judgement(Outcome.WILL_NOT_BE_SENT, Cause.NO_OPEN_WINDOW)
    return Judgement(Outcome.WILL_BE_SENT, cause, earliest_at=None if cause is Cause.PAUSED else opens_at)


def _without_message(facts: Facts, mailing: MailingFacts) -> Judgement:
    selected_at = facts.selected_at
    if selected_at is not None:
        return _not_chosen(facts, mailing, selected_at)
    if mailing.status is MailingStatus.CANCELLED or mailing.is_closed:
        kind = EntryKind.MAILING_CANCELLED if mailing.status is MailingStatus.CANCELLED else EntryKind.MAILING_EXPIRED
        cause = Cause.MAILING_CANCELLED if mailing.status is MailingStatus.CANCELLED else Cause.MAILING_ENDED
        ended = facts.last_of_mailing(kind)
        return Judgement(Outcome.NOT_SENT, cause, ended.at if ended else None)
    return _to_be_chosen(facts, mailing)


def _to_be_chosen(facts: Facts, mailing: MailingFacts) -> Judgement:
    """The mailing has not started, or is choosing its clients."""
    now = match_now(facts)
    if now is None or facts.client is None:
        return Judgement(Outcome.WILL_NOT_BE_SENT, Cause.CLIENT_DELETED, facts.client_deleted_at)
    if not now.matches:
        return Judgement(Outcome.WILL_NOT_BE_SENT, Cause.FILTER)
    has_started = mailing.status is not MailingStatus.SCHEDULED
    cause = Cause.BEING_CHOSEN if has_started else Cause.NOT_STARTED
    if mailing.status is MailingStatus.PAUSED:
        cause = Cause.PAUSED
    return _from_then_on(facts, mailing, facts.client.timezone, mailing.starts_at, cause)


def _not_chosen(facts: Facts, mailing: MailingFacts, selected_at: datetime) -> Judgement:
    """The mailing has chosen its clients without this one."""
    is_over = mailing.is_closed or mailing.status in (MailingStatus.FINISHED, MailingStatus.CANCELLED)
    outcome = Outcome.NOT_SENT if is_over else Outcome.WILL_NOT_BE_SENT
    deleted_at, then = facts.client_deleted_at, match_then(facts)
    if deleted_at is not None and deleted_at <= selected_at:
        return Judgement(outcome, Cause.CLIENT_DELETED, deleted_at)
    if was_added_after(facts, selected_at):
        return Judgement(outcome, Cause.CLIENT_ADDED_LATER, selected_at)
    cause = Cause.NOT_CHOSEN if then is None or then.matches else Cause.FILTER
    return Judgement(outcome, cause, selected_at)
