"""`dailyStatistics`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.callers import BadUserInputError
from gql_api.context import Info
from gql_api.history.types import DailyStatistics
from gql_api.inputs import given
from gql_api.pagination import bounded
from gql_api.scalars import TimeZone
from mailing.history.days import MOST_DAYS, last_days
from mailing.timezones import is_known_zone
from mailing.wording import shown

_DEFAULT_DAYS = 14


@strawberry.field(
    description="What became of messages on each of the last days, and how many requests to the provider failed: the "
    "same figures as those of the daily report."
)
async def daily_statistics(
    info: Info,
    days: Annotated[
        int | None,
        strawberry.argument(description=f"How many, today included: 1 to {MOST_DAYS}; without it {_DEFAULT_DAYS}."),
    ] = UNSET,
    timezone: Annotated[
        TimeZone | None,
        strawberry.argument(description="Whose days; left out: of the zone in which the daily report is written."),
    ] = UNSET,
) -> DailyStatistics:
    count = bounded("days", days, most=MOST_DAYS, default=_DEFAULT_DAYS)
    zone = given(timezone)
    if zone is None:
        zone = TimeZone(info.context.settings.report_timezone)
    if not is_known_zone(zone):
        raise BadUserInputError("timezone", f"must be an IANA time zone, such as Europe/Moscow; given: {shown(zone)}")
    return DailyStatistics.of(await last_days(count, zone))
