"""A day's mailings as a CSV file that spreadsheet programs open as it is meant."""

import csv
import io
from collections.abc import Iterator

from mailing.ids import written
from mailing.messages.ends import ENDS
from mailing.models.message import MessageStatus
from mailing.reports.figures import DayFigures, MailingFigures

COLUMNS = (
    *("mailing", "text", "status", "starts_at", "ends_at"),
    *(f"day_{status.value.lower()}" for status in ENDS),
    "all_messages",
    *(f"all_{status.value.lower()}" for status in MessageStatus),
)
"""`day_…`: messages that came to this end on that day; empty where nobody counted. `all_…`: all messages of the mailing
as they stood when the report was made."""

_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so is a formula to some program (OWASP, CSV Injection; the wide ones too, where Japanese is
typed)."""


def spreadsheet_of(figures: DayFigures) -> str:
    """One row for each mailing that the figures list, under a row of names."""
    file = io.StringIO(newline="")
    file.write(_BYTE_ORDER_MARK)
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    rows.writerows([_harmless(cell) for cell in _cells(figures, mailing)] for mailing in figures.mailings)
    return file.getvalue()


def _cells(figures: DayFigures, mailing: MailingFigures) -> Iterator[object]:
    yield written("mailing", mailing.id)
    yield mailing.text
    yield mailing.status.value
    yield figures.day.local(mailing.starts_at).isoformat(timespec="minutes")
    yield figures.day.local(mailing.ends_at).isoformat(timespec="minutes")
    yield from ("" if figures.is_uncounted else messages for messages in mailing.ended.values())
    yield sum(mailing.counts.values())
    yield from mailing.counts.values()


def _harmless(cell: object) -> object:
    """A text that no program takes for a formula. Numbers are ours."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell
