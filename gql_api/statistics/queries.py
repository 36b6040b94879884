"""`statistics`."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.callers import BadUserInputError
from gql_api.scalars import DateTimeText
from gql_api.statistics.types import Statistics
from mailing.mailings.raw_values import moment, moment_message
from mailing.statistics.queries import overall_statistics


@strawberry.field(description="All mailings, or those that start in a period, and their messages, grouped by status.")
async def statistics(
    from_: Annotated[
        DateTimeText | None,
        strawberry.argument(name="from", description="Only mailings that start at or after this moment."),
    ] = UNSET,
    to: Annotated[
        DateTimeText | None, strawberry.argument(description="Only mailings that start before this moment.")
    ] = UNSET,
) -> Statistics:
    return Statistics.of(await overall_statistics(_moment("from", from_), _moment("to", to)))


def _moment(argument: str, raw: str | None) -> datetime | None:
    if not isinstance(raw, str):
        return None
    at = moment(raw)
    if at is None:
        raise BadUserInputError(argument, moment_message(raw))
    return at
