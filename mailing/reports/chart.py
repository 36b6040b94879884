"""The chart of a report: bars made of table cells, for mail clients that show no pictures of strangers."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailing.models.message import MessageStatus
from mailing.reports.figures import HourFigures

HEIGHT = 120
"""Pixels of the highest bar."""
_LEAST = 2
"""Pixels of the lowest one: what there is can be seen."""
_LABEL_EVERY = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: what was sent stands at the bottom, what nobody wanted on top of it."""

    label: str
    """By the clock; empty for most, as there is no room."""
    title: str
    sent: int
    lost: int
    """Both in pixels."""


@dataclass(frozen=True, slots=True)
class Chart:
    """All hours of a day."""

    bars: tuple[Bar, ...]
    most: int
    """Messages that the highest bar stands for; 0: there is nothing to show."""


def chart_of(hours: Sequence[HourFigures]) -> Chart:
    """The chart, with all of its bars on one scale."""
    most = max((hour.ended[MessageStatus.SENT] + hour.lost for hour in hours), default=0)
    return Chart(tuple(_bar(number, hour, most) for number, hour in enumerate(hours)), most)


def _bar(number: int, hour: HourFigures, most: int) -> Bar:
    sent, lost = hour.ended[MessageStatus.SENT], hour.lost
    clock = f"{hour.starts_at:%H:%M}"
    return Bar(
        label=f"{hour.starts_at:%H}" if number % _LABEL_EVERY == 0 else "",
        title=f"{clock}: {sent:,} sent, {lost:,} not",
        sent=_pixels(sent, most),
        lost=_pixels(lost, most),
    )


def _pixels(messages: int, most: int) -> int:
    return max(_LEAST, round(HEIGHT * messages / most)) if messages > 0 else 0
