"""`mailing report` as a person runs it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from mailing.settings import Settings
from tests.cli.program import mailing
from tests.conftest import Sql
from tests.messages.stored import store_mailing, store_message
from tests.post_office import post_office
from tests.running import Ran

Mailing = Callable[..., Awaitable[Ran]]

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


@pytest.fixture
def report(settings: Settings, sql: Sql, tmp_path: Path) -> Mailing:
    """Runs `mailing report` with arguments and environment; log lines are left out of what it says."""
    return partial(mailing, settings, tmp_path, "report")


async def test_it_can_be_looked_at_where_nothing_is_set(report: Mailing, sql: Sql, tmp_path: Path) -> None:
    # Given one message that was sent a minute after the day before began
    id = await store_message(sql, await store_mailing(sql), 1)
    await sql(
        "UPDATE message SET status = 'SENT', sent_at = date_trunc('day', now()) - interval '1 day' + interval '1 min'"
        " WHERE id = $1",
        id,
    )
    subject = f"{YESTERDAY:%a} {YESTERDAY.day} {YESTERDAY:%b}: 1 message sent, none lost"

    # When
    text = await report()
    written = await report("--date", YESTERDAY, "--preview", "report.html")
    before = await report("--date", YESTERDAY - timedelta(days=1))

    # Then
    assert (text.status, text.errors, text.output.splitlines()[0]) == (0, "", subject)
    assert written == Ran(0, f"report.html: {subject}\n", "")
    assert subject in (tmp_path / "report.html").read_text()
    assert before.output.splitlines()[0].endswith(": no messages")


async def test_it_is_sent(report: Mailing, sql: Sql) -> None:
    async with post_office() as office:
        office.refuses["bob@example.com"] = "550 no such user"
        sent = await report(
            "--send",
            REPORT_TO="ann@example.com, bob@example.com",
            REPORT_FROM="mailing@example.com",
            SMTP_URL=office.url(),
        )

    subject = f"{YESTERDAY:%a} {YESTERDAY.day} {YESTERDAY:%b}: no messages"
    assert sent == Ran(0, f"Sent to ann@example.com: {subject}\n", "Not to bob@example.com: 550 no such user")
    assert office.subjects == [subject]
    assert await sql("SELECT FROM daily_report") == []


async def test_what_cannot_be_done_is_one_line(report: Mailing, sql: Sql) -> None:
    on = {"REPORT_TO": "ann@example.com", "REPORT_FROM": "mailing@example.com", "SMTP_URL": "smtp+plain://127.0.0.1:9"}

    said = [
        await report("--send"),
        await report("--send", "--preview", "-"),
        await report("--preview", "nowhere/report.html"),
        await report("--date", "2999-01-01"),
        await report("--send", **on),
    ]

    assert [(ran.status, ran.output) for ran in said] == [(1, "")] * 5
    assert [ran.errors.partition("; given")[0].partition(" to today")[0] for ran in said] == [
        "mailing: MAILING_REPORT_TO names nobody who gets the report",
        "mailing: --preview and --send exclude each other",
        "mailing: nowhere/report.html cannot be written: No such file or directory",
        "mailing: --date: must be a day from 2000-01-01",
        "mailing: the mail server did not take the report: Error connecting to 127.0.0.1 on port 9: [Errno 111] "
        "Connect call failed ('127.0.0.1', 9) (MAILING_SMTP_URL)",
    ]
