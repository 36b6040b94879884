"""`reportPreview`."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.callers import InvalidArgumentError
from gql_api.context import Info
from gql_api.inputs import given
from gql_api.reports.types import ReportPreview
from gql_api.scalars import DateText
from mailing.errors import InvalidInputError
from mailing.mailings.queries import database_time
from mailing.reports.sending import make_report
from mailing.reports.validation import chosen_day


@strawberry.field(
    description="The daily report of a day as it would be sent now; also where nobody is set to get it. For admins."
)
async def report_preview(
    info: Info,
    date: Annotated[
        DateText | None,
        strawberry.argument(description="Not after today; today's has what there is so far. Left out: yesterday."),
    ] = UNSET,
) -> ReportPreview:
    settings = info.context.settings
    try:
        day = chosen_day(given(date), zone=settings.report_timezone, now=await database_time())
    except InvalidInputError as e:
        raise InvalidArgumentError("date", e.problems) from e
    return ReportPreview.of(day, await make_report(settings, day), settings.report_to)
