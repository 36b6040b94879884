"""`sendReport`."""

import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from gql_api.context import Info
from gql_api.errors import InvalidInput, ReportNotSent, ReportSwitchedOff
from gql_api.inputs import given
from gql_api.pagination import RECKONED
from gql_api.scalars import DateText
from mailing.mailings.queries import database_time
from mailing.report_checks import MOST_ADDRESSES
from mailing.reports.sending import send_by_hand
from mailing.reports.validation import chosen_day


@strawberry.input(description="A daily report to send.")
class SendReportInput:
    date: DateText | None = strawberry.field(
        default=UNSET, description="Which day's: not after today. Null or left out: yesterday's."
    )


@strawberry.type(description="A report was sent: the mail server has taken it.")
class ReportSent:
    date: datetime.date = strawberry.field(description="The day that it tells of, by the report's time zone.")
    subject: str = strawberry.field(description="The mail's subject.")
    recipients: list[str] = strawberry.field(
        description="The addresses for which the mail server has taken it.", metadata={RECKONED: MOST_ADDRESSES}
    )
    refused: list[str] = strawberry.field(
        description="The addresses for which it has not.", metadata={RECKONED: MOST_ADDRESSES}
    )


SendReportResult = Annotated[
    ReportSent | ReportSwitchedOff | ReportNotSent | InvalidInput,
    strawberry.union("SendReportResult", description="What was sent to whom, or why nothing was."),
]


@strawberry.mutation(
    description="Send a day's report now to those who get it every day. Each call sends it once more; the one that the "
    "service sends by itself leaves all the same. For admins."
)
async def send_report(
    info: Info,
    input: Annotated[SendReportInput | None, strawberry.argument(description="Which; left out: yesterday's.")] = UNSET,
) -> SendReportResult:
    settings = info.context.settings
    raw = given(input.date) if input else None
    day = chosen_day(raw, zone=settings.report_timezone, now=await database_time())
    sent = await send_by_hand(settings, day)
    return ReportSent(date=day.date, subject=sent.letter.subject, recipients=[*sent.to], refused=[*sent.refused])
