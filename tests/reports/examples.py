"""Figures of a day as it might have been."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from mailing.messages.ends import ENDS
from mailing.models.mailing import MailingStatus
from mailing.models.message import MessageStatus
from mailing.reports.day import ReportDay
from mailing.reports.figures import (
    DayFigures,
    FailureFigures,
    HourFigures,
    MailingAtRisk,
    MailingFigures,
    Risk,
)

S = MessageStatus
DAY = ReportDay(date(2026, 11, 21), "Europe/Moscow")
MADE_AT = datetime(2026, 11, 22, 5, 0, 12, tzinfo=UTC)

_SENT = [*[0] * 6, 120, 900, 4_200, 9_800, 12_400, 13_100, 12_800, 11_900, 9_600, 8_200, 7_400, 6_100, 9_300, 8_800]
_LOST = [*[0] * 7, 10, 40, 90, 130, 2_900, 1_800, 120, 70, 60, 60, 50, 80, 70]


def quiet_day() -> DayFigures:
    """A day on which nothing was sent."""
    nothing = dict.fromkeys(ENDS, 0)
    return DayFigures(
        day=DAY,
        made_at=MADE_AT,
        counted_since=None,
        ended=nothing,
        hours=tuple(HourFigures(hour, nothing, 0, 0, 0, None) for hour in DAY.hours),
        failures=(),
        mailings=(),
        mailings_found=0,
        messages_of_deleted=0,
        at_risk=(),
        held_since=None,
        held_because=None,
    )


def busy_day() -> DayFigures:
    """A day on which a provider failed around noon."""
    hours = tuple(_hour(number, hour) for number, hour in enumerate(DAY.hours))
    mailings = (
        mailing(41, "Your order is ready for pick-up: ul. Lenina 12, until Sunday 21:00", "FINISHED", 57_200, 1_200),
        mailing(42, "Плановые работы: 23 ноября с 10:00 до 14:00 не будет света", "RUNNING", 35_140, 2_600, 12_400),
        mailing(
            43, "Winter tyres: 20 % off until Friday. Show this message at the till.", "PAUSED", 19_280, 1_635, 31_000
        ),
        mailing(44, "Your visit is tomorrow at 9:30. Reply is not possible.", "FINISHED", 3_000, 45),
    )
    at_risk = (
        MailingAtRisk(42, mailings[1].text, MADE_AT + timedelta(hours=6), 12_400, 5_120, Risk.TOO_SLOW, 0.34),
        MailingAtRisk(43, mailings[2].text, MADE_AT + timedelta(hours=10), 31_000, 31_000, Risk.PAUSED, None),
    )
    ended = {status: sum(hour.ended[status] for hour in hours) for status in ENDS}
    return replace(
        quiet_day(),
        hours=hours,
        ended=ended | {S.CANCELLED: 412},
        failures=(
            FailureFigures(S.FAILED, "HTTP 400", 2_098),
            FailureFigures(S.EXPIRED, "", 2_192),
            FailureFigures(S.FAILED, "tries used up: HTTP 503", 642),
            FailureFigures(S.UNCONFIRMED, "timeout", 548),
        ),
        mailings=mailings,
        mailings_found=len(mailings),
        at_risk=at_risk,
    )


def mailing(id: int, text: str, status: str, sent: int, failed: int, pending: int = 0) -> MailingFigures:
    nothing = dict.fromkeys(S, 0)
    return MailingFigures(
        id=id,
        text=text,
        status=MailingStatus(status),
        starts_at=datetime(2026, 11, 21, 6, tzinfo=UTC),
        ends_at=datetime(2026, 11, 22, 15, tzinfo=UTC),
        ended=dict.fromkeys(ENDS, 0) | {S.SENT: sent, S.FAILED: failed},
        counts=nothing | {S.SENT: sent, S.FAILED: failed, S.PENDING: pending},
    )


def _hour(number: int, starts_at: datetime) -> HourFigures:
    sent, lost = _of(_SENT, number), _of(_LOST, number)
    failed, unconfirmed = lost // 2, lost // 10
    ended = {S.SENT: sent, S.FAILED: failed, S.EXPIRED: lost - failed - unconfirmed, S.UNCONFIRMED: unconfirmed}
    mean_ms = 60 + lost / 2 + number if sent else None
    return HourFigures(starts_at, ended | {S.CANCELLED: 0}, sent + 2 * lost, 2 * lost, lost // 3, mean_ms)


def _of(values: Sequence[int], number: int) -> int:
    return values[number] if number < len(values) else 0
