"""Puts a day's figures together."""

from mailing.delivery.breaker import BreakerState
from mailing.delivery.channel_health import read_channel
from mailing.mailings.queries import database_time
from mailing.messages.ends import ENDS, Ended
from mailing.models.message import MessageStatus
from mailing.reports import queries
from mailing.reports.at_risk import mailings_at_risk
from mailing.reports.day import ReportDay, latest_over
from mailing.reports.figures import DayFigures, HourFigures


async def figures_of(day: ReportDay) -> DayFigures:
    """What a day's report tells, as it is known now; of a day that is not over, what there is so far.

    What is at risk is told with the day that was over last and with the one under way.
    """
    now = await database_time()
    endings = await queries.endings_of(day)
    hours = await queries.hours_of(day, endings)
    mailings = await queries.mailings_of(day)
    ended = _sum(hours)
    channel = await read_channel()
    is_held = channel.state is not BreakerState.CLOSED
    is_latest = day.date >= latest_over(now, day.zone).date
    return DayFigures(
        day=day,
        made_at=now,
        counted_since=await queries.counted_since(),
        ended=ended,
        hours=hours,
        failures=endings.failures,
        mailings=mailings.listed,
        mailings_found=mailings.found,
        # Of a day that goes on, some have come to their end since the hours were read.
        messages_of_deleted=max(0, sum(ended.values()) - mailings.messages),
        at_risk=await mailings_at_risk(now, is_held=is_held) if is_latest else None,
        held_since=channel.since if is_held and is_latest else None,
        held_because=channel.reason if is_held and is_latest else None,
    )


def _sum(hours: tuple[HourFigures, ...]) -> Ended:
    ended: dict[MessageStatus, int] = dict.fromkeys(ENDS, 0)
    for hour in hours:
        for status, messages in hour.ended.items():
            ended[status] += messages
    return ended
