"""Which state may follow which, for mailings and for messages. docs/lifecycle.md says the same in words.

Everything that is not in a table here is forbidden.
"""

from enum import StrEnum

from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus


class MailingEvent(StrEnum):
    """What can happen to a mailing."""

    START = "START"
    """Its start has come."""
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    CANCEL = "CANCEL"
    FINISH = "FINISH"
    """Every message has its final state, because all were sent or because the end has come."""


class MessageEvent(StrEnum):
    """What can happen to a message."""

    CLAIM = "CLAIM"
    """A worker takes it under a lease."""
    RELEASE = "RELEASE"
    """The worker hands it back unsent: paused, window closed, told to stop. Costs no try."""
    RETRY = "RETRY"
    """The try failed; another is due later."""
    TAKE_BACK = "TAKE_BACK"
    """The worker fell silent and its lease ended."""
    ACCEPT = "ACCEPT"
    """The provider accepted it."""
    REFUSE = "REFUSE"
    """The provider refused it for good, or its tries are used up."""
    EXPIRE = "EXPIRE"
    """The end came, or no further try fits before it."""
    GIVE_UP_UNCONFIRMED = "GIVE_UP_UNCONFIRMED"
    """Nothing more will be tried, and an earlier try may have been accepted."""
    CANCEL = "CANCEL"
    """The mailing was cancelled, its filter left the client out, or the client was deleted."""
    READMIT = "READMIT"
    """The filter was changed again and takes the client in again."""


_M = MailingStatus
_MAILING: dict[tuple[MailingStatus, MailingEvent], MailingStatus] = {
    (_M.SCHEDULED, MailingEvent.START): _M.RUNNING,
    (_M.SCHEDULED, MailingEvent.CANCEL): _M.CANCELLED,
    (_M.RUNNING, MailingEvent.PAUSE): _M.PAUSED,
    (_M.RUNNING, MailingEvent.CANCEL): _M.CANCELLED,
    (_M.RUNNING, MailingEvent.FINISH): _M.FINISHED,
    (_M.PAUSED, MailingEvent.RESUME): _M.RUNNING,
    (_M.PAUSED, MailingEvent.CANCEL): _M.CANCELLED,
    (_M.PAUSED, MailingEvent.FINISH): _M.FINISHED,
}

_S = MessageStatus
_MESSAGE: dict[tuple[MessageStatus, MessageEvent], MessageStatus] = {
    (_S.PENDING, MessageEvent.CLAIM): _S.SENDING,
    (_S.PENDING, MessageEvent.EXPIRE): _S.EXPIRED,
    (_S.PENDING, MessageEvent.GIVE_UP_UNCONFIRMED): _S.UNCONFIRMED,
    (_S.PENDING, MessageEvent.CANCEL): _S.CANCELLED,
    (_S.SENDING, MessageEvent.RELEASE): _S.PENDING,
    (_S.SENDING, MessageEvent.RETRY): _S.PENDING,
    (_S.SENDING, MessageEvent.TAKE_BACK): _S.PENDING,
    (_S.SENDING, MessageEvent.ACCEPT): _S.SENT,
    (_S.SENDING, MessageEvent.REFUSE): _S.FAILED,
    (_S.SENDING, MessageEvent.EXPIRE): _S.EXPIRED,
    (_S.SENDING, MessageEvent.GIVE_UP_UNCONFIRMED): _S.UNCONFIRMED,
    # A worker's hand-back, or a try that failed, of a message that was cancelled while the worker held it.
    (_S.SENDING, MessageEvent.CANCEL): _S.CANCELLED,
    (_S.CANCELLED, MessageEvent.READMIT): _S.PENDING,
}


def mailing_after(status: MailingStatus, event: MailingEvent) -> MailingStatus | None:
    """The status that `event` leads to, or None where it is not allowed."""
    return _MAILING.get((status, event))


def message_after(status: MessageStatus, event: MessageEvent) -> MessageStatus | None:
    """The status that `event` leads to, or None where it is not allowed."""
    return _MESSAGE.get((status, event))
