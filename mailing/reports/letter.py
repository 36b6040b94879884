"""A report as people read it: subject, HTML, plain text and an attachment."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

import css_inline
import jinja2

from mailing.ids import written
from mailing.models.message import MessageStatus
from mailing.reports import wording
from mailing.reports.chart import HEIGHT, chart_of
from mailing.reports.figures import LOST, DayFigures, HourFigures
from mailing.reports.spreadsheet import spreadsheet_of
from mailing.wording import messages

MOST_SHOWN: Final = {"at_risk": 20, "failures": 10, "hours": 5, "mailings": 30}
"""In the letter itself, so that it stays below the 102 kB at which Gmail cuts. The attachment has more mailings."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One report, made and not addressed yet."""

    made_at: datetime
    subject: str
    html: str
    text: str
    csv: str
    csv_name: str


def write_letter(figures: DayFigures, *, link: str | None = None) -> Letter:
    """The report of a day. `link`: where the service is, for people."""
    values = {
        "figures": figures,
        "day": figures.day,
        "title": wording.long_day(figures.day.date),
        "subject": subject_of(figures),
        "link": link,
        "slowest": slowest_hours(figures),
        "chart": chart_of(figures.hours),
        "chart_height": HEIGHT,
        "most": MOST_SHOWN,
        "lost_statuses": LOST,
    }
    templates = _templates()
    return Letter(
        made_at=figures.made_at,
        subject=subject_of(figures),
        html=_inliner().inline(templates.get_template("report.html.jinja").render(values)),
        text=templates.get_template("report.txt.jinja").render(values),
        csv=spreadsheet_of(figures),
        csv_name=f"mailings-{figures.day.date.isoformat()}.csv",
    )


def subject_of(figures: DayFigures) -> str:
    """What somebody who reads nothing else has to know, the worst not last."""
    day, sent = wording.short_day(figures.day.date), figures.ended[MessageStatus.SENT]
    so_far = "" if figures.is_over else " so far"
    if figures.is_uncounted:
        what = "no figures, counting began later"
    elif figures.sent_share is None:
        what = f"no messages{so_far}"
    elif figures.lost:
        what = f"{messages(sent)} sent{so_far}, {wording.count(figures.lost)} not"
    else:
        what = f"{messages(sent)} sent{so_far}, none lost"
    partly = " (not all was counted)" if figures.is_partly_counted and not figures.is_uncounted else ""
    return f"{day}: {what}{partly}{_warning(figures)}"


def slowest_hours(figures: DayFigures) -> tuple[HourFigures, ...]:
    """The hours in which the provider took longest on average, slowest first."""
    timed = [(hour.mean_ms, hour) for hour in figures.hours if hour.mean_ms is not None]
    slowest = sorted(timed, key=lambda pair: -pair[0])[: MOST_SHOWN["hours"]]
    return tuple(hour for _, hour in slowest)


def _warning(figures: DayFigures) -> str:
    at_risk = len(figures.at_risk or ())
    if figures.held_since is not None:
        return "; sending is stopped"
    return f"; {at_risk} mailing{'s' if at_risk > 1 else ''} at risk today" if at_risk else ""


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("mailing.reports"),
        autoescape=lambda name: name is not None and ".html." in name,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["id_of"] = written
    environment.globals["wording"] = wording
    environment.globals["Status"] = MessageStatus
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    """Gmail's apps for foreign accounts and Outlook drop style sheets; what changes in the dark has to stay in one."""
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
