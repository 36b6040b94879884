"""Facts of one client and one mailing, plain until they are changed."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from mailing.delivery.breaker import BreakerCause, BreakerState
from mailing.delivery.channel_health import ChannelStanding
from mailing.delivery.window import LocalTimeWindow
from mailing.explanation.facts import ClientFacts, Facts, MailingFacts, MessageFacts
from mailing.messages.records import Attempt
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.timeline.entries import EntryKind, Place, Source, TimelineEntry

NOW = datetime(2030, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
AFTERNOON = LocalTimeWindow(time(14), time(18))
"""Closed at noon."""

CLOSED = ChannelStanding(BreakerState.CLOSED, None, None, NOW - HOUR, None, 0, 0, NOW)
OPEN = ChannelStanding(BreakerState.OPEN, BreakerCause.FAILURES, "20 of 20", NOW - HOUR, NOW + HOUR, 0, 0, NOW)


def event(kind: EntryKind, at: datetime, *, user: str | None = None, **changes: tuple[Any, Any]) -> TimelineEntry:
    return TimelineEntry(Place(at, Source.EVENT, 1), kind, user=user, changes=changes)


SELECTED = event(EntryKind.MAILING_AUDIENCE_SELECTED, NOW - HOUR)
STARTED = event(EntryKind.MAILING_STARTED, NOW - 2 * HOUR)


def mailing(**changes: Any) -> MailingFacts:
    """Runs, is for everybody at any hour, and has chosen its clients."""
    values = MailingFacts(MailingStatus.RUNNING, NOW - 2 * HOUR, NOW + 24 * HOUR, [], [], None, True, False, False)
    return replace(values, **changes)


def client(**changes: Any) -> ClientFacts:
    return replace(ClientFacts("916", "vip", "UTC", NOW - 9 * HOUR), **changes)


def message(**changes: Any) -> MessageFacts:
    """Waits, and is due."""
    values = MessageFacts(
        7, "916", "vip", "UTC", MessageStatus.PENDING, False, None, NOW - HOUR, NOW - HOUR, None, attempts=()
    )
    return replace(values, **changes)


def attempt(**changes: Any) -> Attempt:
    values: dict[str, Any] = {"number": 1, "outcome": "DEFERRED", "http_status": 503, "code": None, "spent": True}
    values |= {"next_try_at": None}
    return Attempt(started_at=NOW - HOUR, duration_ms=7, excerpt=None, text_version=1, **(values | changes))


def facts(**changes: Any) -> Facts:
    """A running mailing that has chosen the client; the message waits for its turn."""
    return replace(Facts(NOW, mailing(), client(), message(), CLOSED, [STARTED, SELECTED], []), **changes)
