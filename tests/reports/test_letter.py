"""The report as people read it."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mailing.models.message import MessageStatus
from mailing.reports import wording
from mailing.reports.chart import HEIGHT, chart_of
from mailing.reports.figures import DayFigures, FailureFigures, MailingAtRisk, Risk
from mailing.reports.letter import subject_of, write_letter
from mailing.reports.spreadsheet import COLUMNS, spreadsheet_of
from tests.reports.examples import DAY, MADE_AT, busy_day, mailing, quiet_day

S = MessageStatus


def changed(figures: DayFigures, **changes: object) -> DayFigures:
    return replace(figures, **changes)  # type: ignore[arg-type]  # the tests' own values


@pytest.mark.parametrize(
    ("figures", "subject"),
    [
        (quiet_day(), "Sat 21 Nov: no messages"),
        (busy_day(), "Sat 21 Nov: 114,620 messages sent, 5,480 not; 2 mailings at risk today"),
        (
            changed(busy_day(), at_risk=(busy_day().at_risk or ())[:1]),
            "Sat 21 Nov: 114,620 messages sent, 5,480 not; 1 mailing at risk today",
        ),
        (changed(busy_day(), at_risk=None), "Sat 21 Nov: 114,620 messages sent, 5,480 not"),
        (changed(busy_day(), held_since=MADE_AT), "Sat 21 Nov: 114,620 messages sent, 5,480 not; sending is stopped"),
        (changed(quiet_day(), ended={**quiet_day().ended, S.SENT: 1}), "Sat 21 Nov: 1 message sent, none lost"),
        (changed(quiet_day(), made_at=MADE_AT - timedelta(days=1)), "Sat 21 Nov: no messages so far"),
        (changed(quiet_day(), counted_since=DAY.ends_at), "Sat 21 Nov: no figures, counting began later"),
        (
            changed(quiet_day(), counted_since=DAY.ends_at - timedelta(seconds=1)),
            "Sat 21 Nov: no messages (not all was counted)",
        ),
    ],
)
def test_the_subject_says_what_somebody_has_to_know_who_reads_nothing_else(figures: DayFigures, subject: str) -> None:
    assert subject_of(figures) == subject


def test_text_and_html_tell_the_same() -> None:
    letter = write_letter(busy_day(), link="https://mailing.example.com")

    html = re.sub(r"<style.*?</style>|<[^>]+>", " ", letter.html, flags=re.DOTALL)
    for told in (
        *("Saturday, 21 November 2026", "made 22 Nov 2026, 08:00", "114,620", "5,480", "95.4 %", "mailing_43"),
        *("It is paused: 31,000 will not be sent unless somebody resumes it.", "tries used up: HTTP 503", "1.5 s"),
        *("At the rate seen, 0.3 a second, at least 5,120 of 12,400 will not be sent in time.", "not tried in time"),
        *("Плановые работы", "https://mailing.example.com", "what people cancelled counts for neither"),
    ):
        assert " ".join(told.split()) in " ".join(html.split()), told
        assert " ".join(told.split()) in " ".join(letter.text.split()), told


def test_styles_stand_with_what_they_style_and_those_for_the_dark_apart() -> None:
    html = write_letter(busy_day()).html

    sheets = re.findall(r"<style.*?>(.*?)</style>", html, re.DOTALL)
    assert len(sheets) == 1
    assert sheets[0].strip().startswith("@media")
    assert "prefers-color-scheme: dark" in sheets[0]
    assert re.search(r'<h1 style="[^"]*font-size: 22px', html)
    # Nothing is fetched from anywhere: no picture, no font, no sheet.
    assert not re.search(r"<(img|link|script|iframe)|url\(", html)


def test_what_came_from_outside_is_shown_as_it_is_and_does_nothing() -> None:
    nasty = '<script>alert(1)</script>"\n\u202e=1+1'
    figures = replace(
        busy_day(),
        mailings=(mailing(1, nasty, "RUNNING", 1, 1),),
        failures=(FailureFigures(S.FAILED, nasty, 1),),
        at_risk=(MailingAtRisk(1, nasty, MADE_AT, 1, 1, Risk.HELD, None),),
        held_since=MADE_AT,
        held_because=nasty,
    )

    letter = write_letter(figures)

    assert "<script" not in letter.html
    assert letter.html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4
    assert "\u202e" not in letter.html + letter.text


def test_a_letter_of_a_very_busy_day_is_not_cut_off_by_gmail() -> None:
    text = "&" * 200  # Five bytes each, as HTML has them.
    many = 1_000
    figures = replace(
        busy_day(),
        mailings=tuple(mailing(10**15 + n, text, "RUNNING", 10**9, 10**9, 10**9) for n in range(many)),
        mailings_found=many + 500,
        failures=tuple(FailureFigures(S.FAILED, f"{n} {text}"[:100], 10**9) for n in range(100)),
        at_risk=tuple(MailingAtRisk(10**15 + n, text, MADE_AT, 10**9, 10**9, Risk.HELD, None) for n in range(many)),
    )

    letter = write_letter(figures)

    assert len(letter.html.encode()) < 102_000
    assert "… and 1,470 more with fewer messages; the attached file has those with most messages." in letter.html
    assert "… and 980 more." in letter.text
    assert "… and 90 rarer reasons." in letter.text


def test_what_is_not_known_is_said_in_both() -> None:
    figures = replace(
        quiet_day(), counted_since=DAY.starts_at + timedelta(hours=1), made_at=MADE_AT - timedelta(days=1)
    )

    letter = write_letter(figures)

    for told in ("Counting began on 21 Nov 2026, 01:00", "The day is not over", "No mailing that ends within a day"):
        assert told in letter.html
        assert told in letter.text


def test_of_a_day_that_nobody_counted_no_figure_is_told() -> None:
    figures = replace(busy_day(), counted_since=DAY.ends_at)

    letter = write_letter(figures)

    for told in (letter.html, letter.text):
        assert "Counting began on 22 Nov 2026, 00:00: there are no figures of this day." in told
        assert "mailing_43" in told, "what is at risk is known all the same"
        for heading in ("By status", "By hour", "Mailings under way on that day", "114,620"):
            assert heading.lower() not in told.lower()
    row, *_ = csv.DictReader(io.StringIO(letter.csv.removeprefix("\ufeff")))
    assert {value for name, value in row.items() if name.startswith("day_")} == {""}
    assert row["all_messages"] != ""


def test_fewer_than_none_cancelled_is_explained() -> None:
    figures = replace(quiet_day(), ended={**quiet_day().ended, S.CANCELLED: -1_000})

    letter = write_letter(figures)

    assert "-1,000" in letter.text
    for told in (letter.html, letter.text):
        assert wording.FEWER_THAN_NONE in told
    assert wording.FEWER_THAN_NONE not in write_letter(quiet_day()).text


def test_bars_have_one_scale_and_what_there_is_can_be_seen() -> None:
    busy = chart_of(busy_day().hours)

    assert (busy.most, len(busy.bars)) == (16_000, 24)
    noon = busy.bars[11]
    assert (noon.sent + noon.lost, noon.title, noon.label) == (HEIGHT, "11:00: 13,100 sent, 2,900 not", "")
    assert (busy.bars[7].lost, busy.bars[6].lost) == (2, 0)
    assert [bar.label for bar in busy.bars if bar.label] == ["00", "03", "06", "09", "12", "15", "18", "21"]
    assert chart_of(quiet_day().hours).most == 0


def test_the_attached_file_has_a_row_for_each_mailing() -> None:
    rows = list(csv.reader(io.StringIO(spreadsheet_of(busy_day()).removeprefix("\ufeff"))))

    assert tuple(rows[0]) == COLUMNS
    assert dict(zip(COLUMNS, rows[2], strict=True)) == {
        "mailing": "mailing_42",
        "text": "Плановые работы: 23 ноября с 10:00 до 14:00 не будет света",
        "status": "RUNNING",
        "starts_at": "2026-11-21T09:00+03:00",
        "ends_at": "2026-11-22T18:00+03:00",
        "day_sent": "35140",
        "day_failed": "2600",
        "day_expired": "0",
        "day_unconfirmed": "0",
        "day_cancelled": "0",
        "all_messages": "50140",
        "all_pending": "12400",
        "all_sending": "0",
        "all_sent": "35140",
        "all_failed": "2600",
        "all_expired": "0",
        "all_unconfirmed": "0",
        "all_cancelled": "0",
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＠"])
def test_no_text_is_a_formula_to_a_spreadsheet(start: str) -> None:
    text = f'{start}HYPERLINK("http://evil.example","Click")'
    figures = replace(busy_day(), mailings=(mailing(1, text, "RUNNING", -1, 0),))

    rows = list(csv.reader(io.StringIO(spreadsheet_of(figures), newline="")))

    assert rows[1][1] == f"'{text}"
    assert rows[1][5] == "-1"  # a number stays one


@pytest.mark.parametrize(("value", "told"), [(1, "100 %"), (0.9999, "99.9 %"), (0.95, "95 %"), (0.0004, "0 %")])
def test_a_share_is_never_better_than_the_truth(value: float, told: str) -> None:
    assert wording.share(value) == told


def test_figures_are_short() -> None:
    assert [wording.milliseconds(value) for value in (None, 84.6, 999.4, 1_234)] == ["–", "85 ms", "999 ms", "1.2 s"]
    assert wording.minute(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "2 Jan 2026, 03:04"
    assert wording.one_line("a\n b\x07c", 4) == "a b…"
