"""The daily report as the API shows it."""

import datetime
from typing import Self

import strawberry

from mailing.reports.letter import Letter


@strawberry.type(description="The daily report of one day, as it would be sent now.")
class ReportPreview:
    date: datetime.date = strawberry.field(description="The day that it tells of, by the report's time zone.")
    subject: str = strawberry.field(description="The mail's subject.")
    html: str = strawberry.field(description="The mail as mail programs show it: a whole HTML page without scripts.")
    text: str = strawberry.field(description="The mail as plain text, for whom HTML is nothing.")
    csv: str = strawberry.field(
        description="The attached file: one row for each mailing under way on that day, of more than a thousand those "
        "with most messages."
    )

    @classmethod
    def of(cls, day: datetime.date, letter: Letter) -> Self:
        """The report as it was written."""
        return cls(date=day, subject=letter.subject, html=letter.html, text=letter.text, csv=letter.csv)
