"""One report a day, whatever happens."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailing.reports import daily
from mailing.reports.daily import send_due_reports, wait_after
from mailing.reports.day import ReportDay, latest_due
from mailing.reports.day_queries import ClaimedDay, claim_day, note_sent, put_off, unsent_days
from mailing.reports.letter import Letter
from mailing.reports.sending import make_report
from mailing.settings import Settings
from tests.backends import as_another, until_left
from tests.conftest import Sql
from tests.post_office import PostOffice, post_office
from tests.waiting import until

TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as one:
        yield one


@pytest.fixture
def on(settings: Settings, office: PostOffice) -> Settings:
    """With a report that is due since midnight, by UTC."""
    return settings.model_copy(
        update={
            "report_to": "ann@example.com",
            "report_from": "mailing@example.com",
            "report_at": "00:00",
            "smtp_url": SecretStr(office.url()),
            "smtp_timeout_seconds": 2,
        }
    )


async def test_many_schedulers_send_one_report(sql: Sql, on: Settings, office: PostOffice) -> None:
    # When
    await asyncio.gather(*(send_due_reports(on) for _ in range(8)))
    await send_due_reports(on)

    # Then
    assert [subject.split(":")[0] for subject in office.subjects] == [f"{YESTERDAY:%a} {YESTERDAY.day} {YESTERDAY:%b}"]
    (row,) = await sql("SELECT day, tries, error, token, sent_at IS NOT NULL AS is_sent FROM daily_report")
    assert dict(row) == {"day": YESTERDAY, "tries": 1, "error": None, "token": None, "is_sent": True}


async def test_nothing_leaves_where_nobody_gets_it(sql: Sql, on: Settings, office: PostOffice) -> None:
    await send_due_reports(on.model_copy(update={"report_to": ""}))

    assert await sql("SELECT FROM daily_report") == []
    assert office.mails == []


async def test_reports_that_were_missed_are_caught_up_with_oldest_first(
    sql: Sql, on: Settings, office: PostOffice
) -> None:
    # Given a service that was away for three days
    await sql(
        "INSERT INTO daily_report (day, mail_key, sent_at) VALUES ($1, gen_random_uuid(), now())",
        YESTERDAY - timedelta(days=3),
    )

    # When
    await send_due_reports(on)

    # Then
    missed = [YESTERDAY - timedelta(days=n) for n in (2, 1, 0)]
    assert [subject.split(":")[0] for subject in office.subjects] == [f"{d:%a} {d.day} {d:%b}" for d in missed]


async def test_who_was_away_for_long_gets_the_last_week(sql: Sql) -> None:
    await sql("INSERT INTO daily_report (day, mail_key, sent_at) VALUES ('2026-01-01', gen_random_uuid(), now())")
    latest = date(2026, 11, 21)

    assert await unsent_days(latest, 7) == [date(2026, 11, day) for day in range(15, 22)]
    assert await unsent_days(date(2026, 1, 3), 7) == [date(2026, 1, 2), date(2026, 1, 3)]
    await sql("DELETE FROM daily_report")
    assert await unsent_days(latest, 7) == [latest]


async def test_while_the_mail_server_is_away_it_is_put_off_and_then_sent_once(
    sql: Sql, on: Settings, office: PostOffice
) -> None:
    # Given
    office.answer = "451 4.3.0 come back later"

    # When it refuses, and nobody waits
    for _ in range(3):
        await send_due_reports(on)

    # Then it was asked once, and the row says why and when next
    (row,) = await sql(
        "SELECT tries, error, due_at - now() > interval '50 s' AS waits, claimed_until, mail_key FROM daily_report"
    )
    key = row["mail_key"]
    assert dict(row) == {
        "tries": 1,
        "error": "451 4.3.0 come back later",
        "waits": True,
        "claimed_until": None,
        "mail_key": key,
    }

    # When it is back and the time has come
    office.answer = "250 OK"
    await sql("UPDATE daily_report SET due_at = now()")
    for _ in range(2):
        await send_due_reports(on)

    # Then
    assert [mail["Message-ID"] for mail in office.mails] == [f"<{key}@example.com>"]


def test_the_wait_doubles_up_to_half_an_hour() -> None:
    assert [wait_after(tries).total_seconds() / 60 for tries in (1, 2, 3, 5, 6, 7, 10_000)] == [1, 2, 4, 16, 30, 30, 30]


async def test_who_dies_with_a_day_leaves_it_to_others_when_the_lease_is_over(sql: Sql) -> None:
    # Given
    day = date(2026, 11, 21)
    died = await claim_day(day, timedelta(minutes=3))
    assert died is not None

    # When others come, and when the lease is over
    assert await claim_day(day, timedelta(minutes=3)) is None
    await sql("UPDATE daily_report SET claimed_until = now() - interval '1 s'")
    heir = await claim_day(day, timedelta(minutes=3))

    # Then the heir has it, under the same identity, and whoever was thought dead changes nothing
    assert heir is not None
    assert (heir.key, heir.tries, heir.token == died.token) == (died.key, 2, False)
    await put_off(died, timedelta(hours=1), "late")
    (row,) = await sql("SELECT token, error FROM daily_report")
    assert dict(row) == {"token": heir.token, "error": None}

    # But that it was sent is true whoever says so
    await note_sent(died)
    assert await claim_day(day, timedelta(minutes=3)) is None
    await put_off(heir, timedelta(hours=1), "late")
    (row,) = await sql("SELECT error, sent_at IS NOT NULL AS is_sent FROM daily_report")
    assert dict(row) == {"error": None, "is_sent": True}


async def test_who_takes_longer_over_it_than_the_lease_leaves_it_to_whoever_has_sent_it_meanwhile(
    sql: Sql, on: Settings, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a scheduler whose lease ends while it makes the report, so that another one comes
    async def make_slowly(settings: Settings, day: ReportDay) -> Letter:
        monkeypatch.setattr(daily, "make_report", make_report)
        await sql("UPDATE daily_report SET claimed_until = now()")
        await send_due_reports(settings)
        return await make_report(settings, day)

    monkeypatch.setattr(daily, "make_report", make_slowly)

    # When
    await send_due_reports(on)

    # Then
    assert len(office.mails) == 1
    (row,) = await sql("SELECT tries, sent_at IS NOT NULL AS is_sent FROM daily_report")
    assert dict(row) == {"tries": 2, "is_sent": True}


async def test_a_report_that_was_taken_is_noted_also_where_the_database_fails_for_a_moment(
    sql: Sql, on: Settings, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    failures = [ConnectionError("gone"), ConnectionError("gone")]

    async def note(claimed: ClaimedDay) -> None:
        if failures:
            raise failures.pop()
        await note_sent(claimed)

    monkeypatch.setattr(daily, "note_sent", note)
    monkeypatch.setattr(daily, "_NOTE_AGAIN_SECONDS", 0.01)

    # When
    await send_due_reports(on)

    # Then
    assert (failures, len(office.mails)) == ([], 1)
    assert await sql("SELECT FROM daily_report WHERE sent_at IS NOT NULL") != []


async def test_a_scheduler_that_is_killed_after_the_mail_server_took_it_leaves_one_repeat_with_the_same_identity(
    sql: Sql, on: Settings, office: PostOffice, tmp_path: Path
) -> None:
    # Given a scheduler process whose report was taken, but not answered for
    office.before_answer.clear()
    assert on.database_url
    url = await as_another(on.database_url)
    process = await _scheduler(on, url, tmp_path)
    try:
        await until(lambda: office.mails, seconds=30)
    finally:
        # When it is killed
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        await until_left(url)
    office.before_answer.set()

    # Then nobody sends it while the lease lasts, and once when it is over
    await send_due_reports(on)
    assert len(office.mails) == 1
    await sql("UPDATE daily_report SET claimed_until = now()")
    await asyncio.gather(*(send_due_reports(on) for _ in range(4)))
    assert len(office.mails) == 2
    assert len({str(mail["Message-ID"]) for mail in office.mails}) == 1


async def test_a_scheduler_process_sends_what_is_due_when_it_starts(
    sql: Sql, on: Settings, office: PostOffice, tmp_path: Path
) -> None:
    assert on.database_url
    url = await as_another(on.database_url)
    processes = [await _scheduler(on, url, tmp_path) for _ in range(2)]
    try:
        await until(lambda: office.mails, seconds=30)
    finally:
        for process in processes:
            process.terminate()
            await process.wait()
        await until_left(url)

    assert len(office.mails) == 1
    (row,) = await sql("SELECT count(*) FILTER (WHERE sent_at IS NOT NULL) AS sent, count(*) AS days FROM daily_report")
    assert dict(row) == {"sent": 1, "days": 1}


def test_what_is_due_is_the_day_before() -> None:
    now = datetime.now(UTC)
    assert latest_due(now, "UTC", datetime.min.time()).date == now.date() - timedelta(days=1)


async def _scheduler(on: Settings, database_url: str, folder: Path) -> asyncio.subprocess.Process:
    assert on.redis_url
    assert on.smtp_url
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MAILING_")},
        "MAILING_DATABASE_URL": database_url,
        "MAILING_REDIS_URL": on.redis_url,
        "MAILING_REPORT_TO": on.report_to,
        "MAILING_REPORT_FROM": str(on.report_from),
        "MAILING_REPORT_AT": on.report_at,
        "MAILING_SMTP_URL": on.smtp_url.get_secret_value(),
    }
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mailing", "scheduler", cwd=folder, env=env, stdout=quiet, stderr=quiet
    )
