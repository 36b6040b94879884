"""How a report puts figures into words: short, the same everywhere, never better than the truth."""

import math
from datetime import date, datetime
from typing import Final

from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.reports.figures import MailingAtRisk, Risk

STATUSES: Final = {
    MessageStatus.SENT: "Sent",
    MessageStatus.FAILED: "Failed",
    MessageStatus.EXPIRED: "Expired",
    MessageStatus.UNCONFIRMED: "Unconfirmed",
    MessageStatus.CANCELLED: "Cancelled",
}

MEANINGS: Final = {
    MessageStatus.SENT: "the provider has accepted them",
    MessageStatus.FAILED: "refused by the provider for good, or all tries used up",
    MessageStatus.EXPIRED: "their mailing ended before they could be sent",
    MessageStatus.UNCONFIRMED: "handed over, but the answer was lost: they may have been sent",
    MessageStatus.CANCELLED: "by people: the mailing was cancelled, the client deleted or left out",
}

FEWER_THAN_NONE: Final = (
    "Fewer than none were cancelled: of those cancelled on days before, edits of a filter took more in again."
)

MAILING_STATUSES: Final = {
    MailingStatus.SCHEDULED: "scheduled",
    MailingStatus.RUNNING: "running",
    MailingStatus.PAUSED: "paused",
    MailingStatus.FINISHED: "finished",
    MailingStatus.CANCELLED: "cancelled",
}

_RISKS: Final = {
    Risk.PAUSED: "It is paused: {left} will not be sent unless somebody resumes it.",
    Risk.HELD: "Nothing leaves to the provider: {left} will not be sent unless that changes.",
    Risk.STALLED: "Messages are due, and none was sent in the last hour: {left} will not be sent if that goes on.",
    Risk.TOO_SLOW: "At the rate seen, {rate} a second, at least {will_miss} of {left} will not be sent in time.",
    Risk.CLOSED: "For {will_miss} of {left}, the window does not open again before the end.",
}


def count(number: int) -> str:
    """`12,345`."""
    return f"{number:,}"


def share(value: float) -> str:
    """`98.7 %`, rounded down: 100 % is all of them."""
    return f"{math.floor(value * 1_000) / 10:g} %"


def milliseconds(value: float | None) -> str:
    """`85 ms` or `1.2 s`."""
    if value is None:
        return "–"
    return f"{value:,.0f} ms" if value < 1_000 else f"{value / 1_000:,.1f} s"


def short_day(day: date) -> str:
    """`Sat 21 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"


def long_day(day: date) -> str:
    """`Saturday, 21 November 2026`."""
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def minute(at: datetime) -> str:
    """`21 Nov 2026, 14:05`, by the clock that it was given in."""
    return f"{at.day} {at:%b} {at.year}, {at:%H:%M}"


def one_line(text: str, most: int) -> str:
    """The beginning of a text, without line ends and what else cannot be printed."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def reason(status: MessageStatus, given: str) -> str:
    """Why messages came to an unwanted end."""
    if given:
        return one_line(given, 100)
    return "not tried in time" if status is MessageStatus.EXPIRED else "no reason is known"


def risk(mailing: MailingAtRisk) -> str:
    """Why a mailing will miss its end, in a sentence or two."""
    rate = "" if mailing.rate is None else f"{mailing.rate:,.1f}".removesuffix(".0")
    return _RISKS[mailing.risk].format(left=count(mailing.left), will_miss=count(mailing.will_miss), rate=rate)
