"""What happened, in a sentence: what somebody on the telephone reads out."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from mailing.delivery.breaker import BreakerCause
from mailing.messages.records import Attempt
from mailing.models.message import MessageStatus
from mailing.origin import EVERYONE
from mailing.provider.protocol import Verdict
from mailing.timeline.entries import EntryKind, TimelineEntry
from mailing.timezones import find_zone
from mailing.wording import days, messages

LOST: Final = "LOST"
"""The outcome of an attempt whose worker died."""

_COLUMNS: Final = {
    "phone": "phone",
    "operator_code": "operator code",
    "tag": "tag",
    "timezone": "time zone",
    "text": "text",
    "starts_at": "start",
    "ends_at": "end",
    "operator_codes": "operator codes",
    "tags": "tags",
    "window_opens_at": "opening of the window",
    "window_closes_at": "closing of the window",
    "max_rate": "rate",
}
_OUTCOMES: Final = {
    Verdict.ACCEPTED: "the provider accepted the message",
    Verdict.REFUSED: "the provider refused the message for good",
    Verdict.DEFERRED: "the provider did not take the message",
    Verdict.UNANSWERED: "no readable answer came, so the provider may have the message",
    Verdict.UNSENT: "it did not leave",
    Verdict.UNAUTHORIZED: "the provider refused our token",
    LOST: "the worker died, so the provider may have the message",
}
_ENDINGS: Final = {
    MessageStatus.SENT: "The provider has the message",
    MessageStatus.FAILED: "The message failed",
    MessageStatus.EXPIRED: "The message was not sent before the mailing's end",
    MessageStatus.UNCONFIRMED: "The provider may have the message, but has not confirmed it; it is not tried again",
    MessageStatus.CANCELLED: "The message was cancelled before it was sent",
}


def sentence(entry: TimelineEntry) -> str:
    """The entry, without the moment at which it happened."""
    return _SENTENCES[entry.kind](entry)


def moment(at: datetime) -> str:
    """To the second, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def local_moment(at: datetime, timezone: str) -> str:
    """To the minute, by the clock of a client."""
    zone = find_zone(timezone)
    return moment(at) if zone is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M} in {timezone}"


def answer_in(attempt: Attempt) -> str:
    """What came back, as short as it can be told; empty without an answer."""
    if attempt.http_status is None:
        return ""
    code = "" if attempt.code is None else f", code {attempt.code}"
    return f"HTTP {attempt.http_status}{code}"


def by_whom(entry: TimelineEntry) -> str:
    """Who did it, with a space before; empty where nobody can be told apart."""
    return "" if entry.user in (None, EVERYONE) else f" by {entry.user}"


def why_held(cause: str | None, reason: str | None) -> str:
    """Why nothing goes out to the provider: a BreakerCause, and what was seen."""
    why = "the provider refuses our token" if cause == BreakerCause.TOKEN_REFUSED else "the provider does not work"
    return f"{why} ({reason})" if reason else why


def _said(what: str) -> Callable[[TimelineEntry], str]:
    return lambda _: what


def _done(what: str) -> Callable[[TimelineEntry], str]:
    """Something that a person does."""
    return lambda entry: f"{what}{by_whom(entry)}."


def _edited(what: str) -> Callable[[TimelineEntry], str]:
    def say(entry: TimelineEntry) -> str:
        changed = ", ".join(name for column, name in _COLUMNS.items() if column in entry.changes)
        return f"{what} was changed{by_whom(entry)}: {changed}."

    return say


def _audience(entry: TimelineEntry) -> str:
    return f"All clients of the mailing were chosen: {messages(entry.messages or 0)}."


def _taken_back(entry: TimelineEntry) -> str:
    return (
        f"A worker fell silent ({entry.reason}); {messages(entry.messages or 0)} in its hands went back to the others."
    )


def _expired(entry: TimelineEntry) -> str:
    return f"The mailing's end came{_left_unsent(entry)}."


def _cancelled(entry: TimelineEntry) -> str:
    return f"The mailing was cancelled{by_whom(entry)}{_left_unsent(entry)}."


def _left_unsent(entry: TimelineEntry) -> str:
    return f", before {messages(entry.messages)} could be sent" if entry.messages else ""


def _messages_removed(entry: TimelineEntry) -> str:
    why = f", which are kept for {days(entry.days)} after its end" if entry.days else ""
    return (
        f"The mailing's messages and the tries to send them were removed{by_whom(entry)}{why}: "
        f"{messages(entry.messages or 0)}. What was counted of them stays."
    )


def _held(entry: TimelineEntry) -> str:
    return f"Sending of all mailings was stopped, for {why_held(entry.cause, entry.reason)}."


def _tried(entry: TimelineEntry) -> str:
    attempt = entry.attempt
    assert attempt is not None, "a try has an attempt"
    took = "" if attempt.duration_ms is None else f"after {attempt.duration_ms} ms"
    seen = ", ".join(part for part in (answer_in(attempt), took) if part)
    answer = f" ({seen})" if seen else ""
    free = "" if attempt.spent else "; it does not count as a try"
    again = f"; to be tried again from {moment(entry.until)} on" if entry.until else ""
    return f"Try {attempt.number}: {_OUTCOMES.get(attempt.outcome, attempt.outcome)}{answer}{free}{again}."


def _window_closed(entry: TimelineEntry) -> str:
    if entry.until is None:
        return f"It waited: the window never opens in {entry.timezone}."
    return f"It waited: the window was closed until {local_moment(entry.until, entry.timezone or '')}."


def _ended(entry: TimelineEntry) -> str:
    assert entry.status is not None, "what has ended has a status"
    because = f": {entry.reason}" if entry.reason else ""
    return f"{_ENDINGS[entry.status]}{because}."


_SENTENCES: Final[dict[EntryKind, Callable[[TimelineEntry], str]]] = {
    EntryKind.CLIENT_CREATED: _done("The client was added"),
    EntryKind.CLIENT_EDITED: _edited("The client"),
    EntryKind.CLIENT_DELETED: _done("The client was deleted"),
    EntryKind.MAILING_CREATED: _done("The mailing was created"),
    EntryKind.MAILING_EDITED: _edited("The mailing"),
    EntryKind.MAILING_STARTED: _said("The mailing started."),
    EntryKind.MAILING_AUDIENCE_SELECTED: _audience,
    EntryKind.MAILING_PAUSED: _done("The mailing was paused"),
    EntryKind.MAILING_RESUMED: _done("The mailing was resumed"),
    EntryKind.MAILING_LEASE_TAKEN_BACK: _taken_back,
    EntryKind.MAILING_EXPIRED: _expired,
    EntryKind.MAILING_CANCELLED: _cancelled,
    EntryKind.MAILING_FINISHED: _said("The mailing was over: every message has its final status."),
    EntryKind.MAILING_MESSAGES_REMOVED: _messages_removed,
    EntryKind.MAILING_DELETED: _done("The mailing was deleted"),
    EntryKind.CHANNEL_HELD: _held,
    EntryKind.CHANNEL_RELEASED: _said("Sending went on: the provider works again."),
    EntryKind.MESSAGE_CREATED: _said("The mailing chose the client."),
    EntryKind.MESSAGE_TRIED: _tried,
    EntryKind.MESSAGE_WINDOW_CLOSED: _window_closed,
    EntryKind.MESSAGE_ENDED: _ended,
}
