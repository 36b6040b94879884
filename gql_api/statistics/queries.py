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
        DateTimeText | None,
        strawberry.argument(description="Only mailings that start before this moment. Not before `from`."),
    ] = UNSET,
) -> Statistics:
    begin, end = _moment("from", from_), _moment("to", to)
    if begin is not None and end is not None and end < begin:
        raise BadUserInputError("to", f"must not be before from; from: {begin.isoformat()}, to: {end.isoformat()}")
    return Statistics.of(await overall_statistics(begin, end))


def _moment(argument: str, raw: str | None) -> datetime | None:
    if not isinstance(raw, str):
        return None
    at = moment(raw)
    if at is None:
        raise BadUserInputError(argument, moment_message(raw))
    return at
