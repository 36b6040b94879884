"""The daily report as the API shows it."""

import datetime
from typing import Self

import strawberry

from gql_api.pagination import RECKONED
from gql_api.scalars import TimeZone
from mailing.report_checks import MOST_ADDRESSES, addresses
from mailing.reports.day import ReportDay
from mailing.reports.letter import Letter


@strawberry.type(description="The daily report of one day, as it would be sent now.")
class ReportPreview:
    date: datetime.date = strawberry.field(description="The day that it tells of, by the report's time zone.")
    timezone: TimeZone = strawberry.field(description="The report's time zone: MAILING_REPORT_TIMEZONE.")
    recipients: list[str] = strawberry.field(
        description="The addresses that `sendReport` would send it to: MAILING_REPORT_TO. None: it is switched off.",
        metadata={RECKONED: MOST_ADDRESSES},
    )
    subject: str = strawberry.field(description="The mail's subject.")
    html: str = strawberry.field(description="The mail as mail programs show it: a whole HTML page without scripts.")
    text: str = strawberry.field(description="The mail as plain text, for whom HTML is nothing.")
    csv: str = strawberry.field(
        description="The attached file: one row for each mailing under way on that day, of more than a thousand those "
        "with most messages."
    )

    @classmethod
    def of(cls, day: ReportDay, letter: Letter, report_to: str) -> Self:
        """The report as it was written. `report_to`: as the settings name those who get it."""
        return cls(
            date=day.date,
            timezone=TimeZone(day.zone),
            recipients=[address.addr_spec for address in addresses(report_to)],
            subject=letter.subject,
            html=letter.html,
            text=letter.text,
            csv=letter.csv,
        )
