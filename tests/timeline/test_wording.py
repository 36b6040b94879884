"""The sentences that somebody on the telephone reads out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mailing.messages.records import Attempt
from mailing.models.message import MessageStatus
from mailing.provider.protocol import Verdict
from mailing.timeline import wording
from mailing.timeline.entries import EntryKind, Place, Source, TimelineEntry
from mailing.timeline.wording import sentence

AT = datetime(2030, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2030, 3, 2, 6, tzinfo=UTC)
K = EntryKind


def said(kind: EntryKind, **known: Any) -> str:
    return sentence(TimelineEntry(Place(AT, Source.EVENT, 1), kind, **known))


def attempt(**known: Any) -> Attempt:
    values: dict[str, Any] = {"duration_ms": 15, "outcome": "DEFERRED", "http_status": 503, "code": None}
    return Attempt(number=2, started_at=AT, excerpt=None, text_version=1, **({"spent": True} | values | known))


@pytest.mark.parametrize(
    ("kind", "known", "text"),
    [
        (K.CLIENT_CREATED, {}, "The client was added."),
        (K.CLIENT_CREATED, {"user": "everyone"}, "The client was added."),
        (K.CLIENT_CREATED, {"user": "ann"}, "The client was added by ann."),
        (
            K.CLIENT_EDITED,
            {"user": "ann", "changes": {"timezone": ("UTC", "Asia/Omsk"), "phone": (1, 2)}},
            "The client was changed by ann: phone, time zone.",
        ),
        (K.MAILING_EDITED, {"changes": {"ends_at": ("a", "b")}}, "The mailing was changed: end."),
        (K.MAILING_STARTED, {"user": "ann"}, "The mailing started."),
        (K.MAILING_AUDIENCE_SELECTED, {"messages": 1}, "All clients of the mailing were chosen: 1 message."),
        (
            K.MAILING_LEASE_TAKEN_BACK,
            {"messages": 1200, "reason": "host:7"},
            "A worker fell silent (host:7); 1,200 messages in its hands went back to the others.",
        ),
        (K.MAILING_EXPIRED, {"messages": 0}, "The mailing's end came."),
        (K.MAILING_EXPIRED, {"messages": 2}, "The mailing's end came, before 2 messages could be sent."),
        (
            K.MAILING_CANCELLED,
            {"messages": 2, "user": "ann"},
            "The mailing was cancelled by ann, before 2 messages could be sent.",
        ),
        (
            K.CHANNEL_HELD,
            {"cause": "FAILURES", "reason": "10 of 20 failed"},
            "Sending of all mailings was stopped, for the provider does not work (10 of 20 failed).",
        ),
        (
            K.CHANNEL_HELD,
            {"cause": "TOKEN_REFUSED"},
            "Sending of all mailings was stopped, for the provider refuses our token.",
        ),
        (
            K.MESSAGE_TRIED,
            {"attempt": attempt(), "until": LATER},
            "Try 2: the provider did not take the message (HTTP 503, after 15 ms); to be tried again from "
            "2030-03-02 06:00:00 UTC on.",
        ),
        (
            K.MESSAGE_TRIED,
            {"attempt": attempt(outcome="ACCEPTED", http_status=200, code=0)},
            "Try 2: the provider accepted the message (HTTP 200, code 0, after 15 ms).",
        ),
        (
            K.MESSAGE_TRIED,
            {"attempt": attempt(outcome="UNAUTHORIZED", http_status=401, spent=False)},
            "Try 2: the provider refused our token (HTTP 401, after 15 ms); it does not count as a try.",
        ),
        (
            K.MESSAGE_TRIED,
            {"attempt": attempt(outcome="LOST", http_status=None, duration_ms=None)},
            "Try 2: the worker died, so the provider may have the message.",
        ),
        (
            K.MAILING_MESSAGES_REMOVED,
            {"messages": 1_200, "days": 90},
            "The mailing's messages and the tries to send them were removed, which are kept for 90 days after its end: "
            "1,200 messages. What was counted of them stays.",
        ),
        (
            K.MAILING_MESSAGES_REMOVED,
            {"messages": 1, "days": 1, "user": "ann"},
            "The mailing's messages and the tries to send them were removed by ann, which are kept for 1 day after its "
            "end: 1 message. What was counted of them stays.",
        ),
        (
            K.MESSAGE_WINDOW_CLOSED,
            {"until": LATER, "timezone": "Europe/Moscow"},
            "It waited: the window was closed until 2030-03-02 09:00 in Europe/Moscow.",
        ),
        (K.MESSAGE_WINDOW_CLOSED, {"timezone": "Mars/Base"}, "It waited: the window never opens in Mars/Base."),
        (K.MESSAGE_ENDED, {"status": MessageStatus.SENT}, "The provider has the message."),
        (
            K.MESSAGE_ENDED,
            {"status": MessageStatus.CANCELLED, "reason": "client deleted"},
            "The message was cancelled before it was sent: client deleted.",
        ),
    ],
)
def test_what_happened_is_said_in_a_sentence(kind: EntryKind, known: dict[str, Any], text: str) -> None:
    assert said(kind, **known) == text


def test_there_is_a_sentence_for_every_kind_outcome_ending_and_column() -> None:
    assert wording._SENTENCES.keys() == set(EntryKind)
    assert wording._OUTCOMES.keys() == {*Verdict, wording.LOST}
    assert wording._ENDINGS.keys() == {
        s for s in MessageStatus if s not in (MessageStatus.PENDING, MessageStatus.SENDING)
    }
