"""Evidence of a small run in which all went well, for tests to doctor."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from mailing.delivery.window import LocalTimeWindow
from mailing.provider.fake.ledger import Entry
from tests.faults.evidence import (
    AttemptRow,
    Books,
    CountRow,
    EndingRow,
    Evidence,
    HistoryRow,
    Limits,
    MailingRow,
    MessageRow,
    PlayedFault,
    SlotRow,
)
from tests.faults.journal import Request
from tests.faults.mailings import CLOSING_ZONE, OPEN_ZONE, OPENING_ZONE, Created, Name
from tests.faults.observer import STATUSES, Event

BEGAN_AT = datetime(2026, 11, 22, 3, 59, 50, tzinfo=UTC)
TURNS_AT = BEGAN_AT + timedelta(seconds=10)
"""04:00 UTC: two in the afternoon in Vladivostok, two in the morning in Noronha."""
GREAT, ENDING, WINDOW, STEERED = 1, 2, 3, 4
ZONES = (OPEN_ZONE, CLOSING_ZONE, OPENING_ZONE)


def at(seconds: float) -> float:
    """Seconds from the beginning, as seconds since 1970."""
    return BEGAN_AT.timestamp() + seconds


def good_evidence() -> Evidence:
    """Four mailings to three clients each; all are SENT after one try, each at its right time."""
    messages = [message(10 * mailing + n, mailing, zone) for mailing in range(1, 5) for n, zone in enumerate(ZONES)]
    sent_at = {m.id: at(_sent_after(m)) for m in messages}
    return Evidence(
        limits=Limits(lease=5, timeout=2, concurrency=4, slots=2, max_attempts=9),
        idempotent=True,
        mailings=[
            Created(GREAT, Name.GREAT, 3),
            Created(ENDING, Name.ENDING, 3),
            Created(WINDOW, Name.WINDOW, 3, LocalTimeWindow(time(2), time(14)), TURNS_AT),
            Created(STEERED, Name.STEERED, 3),
        ],
        books=Books(
            mailings=[
                MailingRow(id, "FINISHED", BEGAN_AT, BEGAN_AT + timedelta(seconds=ends), True)
                for id, ends in ((GREAT, 600), (ENDING, 8), (WINDOW, 30), (STEERED, 600))
            ],
            messages=messages,
            attempts=[AttemptRow(m.id, 1, sent_at[m.id], 50, "ACCEPTED", 200) for m in messages],
            counts=[
                CountRow(id, dimension, value, {"sent": count})
                for id in (GREAT, ENDING, WINDOW, STEERED)
                for dimension, value, count in (
                    ("", "", 3),
                    ("operator_code", "900", 3),
                    ("tag", "all", 3),
                    *(("timezone", zone, 1) for zone in ZONES),
                )
            ],
            endings=[EndingRow(id, "SENT", "", 3) for id in (GREAT, ENDING, WINDOW, STEERED)],
            histories=[HistoryRow(id, "SENT", BEGAN_AT, 3) for id in (GREAT, ENDING, WINDOW, STEERED)],
            slots=[SlotRow(GREAT, 0, None)],
        ),
        requests=[Request(m.id, sent_at[m.id], True, sent_at[m.id] + 0.05, 200) for m in messages],
        accepted=[Entry(m.id, m.phone, Name(list(Name)[m.mailing_id - 1]).value, sent_at[m.id]) for m in messages],
        events=[
            event(mailing, seconds, pending=3 - sent, sent=sent)
            for mailing in (GREAT, ENDING, WINDOW, STEERED)
            for sent, seconds in enumerate((1.0, 2.0, 3.0, 20.0))
        ],
        completed={GREAT, ENDING, WINDOW, STEERED},
        moments=[],
        faults=[],
        unplanned_ends=[],
    )


def message(id: int, mailing_id: int, timezone: str, **changes: Any) -> MessageRow:
    """One that is SENT."""
    client = id % 10
    row = MessageRow(id, mailing_id, client, 79_000_000_000 + client, "900", "all", timezone, "SENT", False, 1, 0, None)
    return replace(row, **changes)


def event(mailing: int, seconds: float, **counts: int) -> Event:
    """One that adds up."""
    all_counts = dict.fromkeys(STATUSES, 0) | counts
    return Event(mailing, 1, at(seconds), BEGAN_AT + timedelta(seconds=seconds), sum(counts.values()), all_counts)


def fault(name: str, target: str, began: float, ended: float, *, breaks_leases: bool = False) -> PlayedFault:
    return PlayedFault(name, target, at(began), at(ended), breaks_leases)


def with_message(evidence: Evidence, id: int, **changes: Any) -> Evidence:
    """One message is different; the counters keep saying what they said."""
    messages = [replace(m, **changes) if m.id == id else m for m in evidence.books.messages]
    return with_books(evidence, messages=messages)


def with_books(evidence: Evidence, **changes: Any) -> Evidence:
    return replace(evidence, books=replace(evidence.books, **changes))


def with_tries(evidence: Evidence, id: int, *tries: AttemptRow) -> Evidence:
    """These instead of the tries that the message had."""
    others = [attempt for attempt in evidence.books.attempts if attempt.message_id != id]
    return with_books(evidence, attempts=[*others, *tries])


def with_requests(evidence: Evidence, *requests: Request) -> Evidence:
    """These besides."""
    return replace(evidence, requests=[*evidence.requests, *requests])


def _sent_after(message: MessageRow) -> float:
    """Before its window closes, or after it opens."""
    return 12 if message.timezone == OPENING_ZONE and message.mailing_id == WINDOW else 2
