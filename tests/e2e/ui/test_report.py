"""The daily report: seen before it is sent, and sent to those who are told of."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser
from pydantic import SecretStr

from mailing.roles import Role
from mailing.settings import Settings
from tests.conftest import Sql
from tests.e2e.ui.axe import faults
from tests.e2e.ui.desk import Desk
from tests.e2e.ui.house import house
from tests.messages.stored import store_mailing, store_message
from tests.post_office import post_office

BY_SCRIPTS = """async () => [
    origin,
    await fetch('/graphql').then(() => 'reached', () => 'blocked'),
    await new Promise((tell) => {
        document.body.insertAdjacentHTML('beforeend', '<img src="/icon.svg" onerror="self.ran = true">');
        document.body.lastChild.addEventListener('error', () => tell(self.ran ? 'ran' : 'did not run'));
    }),
]"""


async def test_a_report_is_looked_at_and_sent(browser: Browser, settings: Settings, sql: Sql, tmp_path: Path) -> None:
    # Given a message that was sent today, and two people who get the report
    mailing_id = await store_mailing(sql)
    message_id = await store_message(sql, mailing_id, 1)
    await sql("UPDATE message SET status = 'SENT', sent_at = now() WHERE id = $1", message_id)
    to = {"report_to": "ann@example.com, Bob <bob@example.com>", "report_from": "mailing@example.com"}
    async with (
        post_office() as post,
        house(settings, **to, smtp_url=SecretStr(post.url())) as home,
        home.seat(browser, Role.ADMIN) as desk,
    ):
        post.refuses["bob@example.com"] = "550 no such user"
        page = desk.page

        # When somebody looks at yesterday's, and then at today's
        today = datetime.now(UTC).date()
        await desk.go("/report")
        mail = page.frame_locator("iframe")
        yesterday = today - timedelta(days=1)
        await mail.get_by_role("heading", name=f"{yesterday:%A}, {yesterday.day} {yesterday:%B %Y}").wait_for()
        await page.get_by_role("button", name="The day after").click()
        # Then it is the mail, as high as it is
        await mail.get_by_text("The day is not over").wait_for()
        await mail.get_by_text("Delivery rate: sent, of all").wait_for()
        assert page.url.endswith(f"/report?date={today}")
        assert await faults(page) == []
        await _check_that_it_can_do_nothing(desk)

        # And plain text, and a file
        await page.get_by_role("tab", name="As plain text").click()
        await page.get_by_role("region", name="As plain text").get_by_text("1  sent").wait_for()
        async with page.expect_download() as download:
            await page.get_by_role("button", name="Download the CSV").click()
        file = await download.value
        await file.save_as(tmp_path / "report.csv")
        assert file.suggested_filename == f"mailings-{today}.csv"
        assert f"mailing_{mailing_id},Hello,RUNNING" in (tmp_path / "report.csv").read_text()

        # When it is sent, after it was said to whom
        await page.get_by_role("button", name="Send now").click()
        dialog = page.get_by_role("dialog")
        assert await dialog.get_by_role("listitem").all_inner_texts() == ["ann@example.com", "bob@example.com"]
        assert await faults(page) == []
        await dialog.get_by_role("button", name="Send to 2 addresses").click()
        # Then it is told who got it, and who did not
        await page.get_by_text("The mail server has taken the report for 1 address.").wait_for()
        await page.get_by_text("The mail server refused these addresses: bob@example.com").wait_for()
        (sent,) = post.mails
        assert "1 message sent so far" in sent["Subject"]

        # When the mail server takes nothing more
        post.answer = "452 4.3.1 disk full"
        await page.get_by_role("button", name="Send now").click()
        await dialog.get_by_role("button", name="Send to 2 addresses").click()
        # Then the dialog says so, and stays
        await dialog.get_by_text("The mail server did not take it: 452 4.3.1 disk full").wait_for()


@pytest.mark.parametrize("far_away", ["Pacific/Kiritimati", "Etc/GMT+12"])
async def test_a_day_without_a_report_is_told_beside_the_field(
    browser: Browser, settings: Settings, sql: Sql, far_away: str
) -> None:
    # Given somebody for whom it is tomorrow, or yesterday, most of the day
    manner = {"locale": "ru-RU", "timezone_id": far_away}
    async with house(settings) as home, home.seat(browser, Role.ADMIN, **manner) as desk:
        # When
        await desk.page.goto(f"{desk.home}/report?date=2999-01-01")
        # Then
        await desk.page.get_by_text("Этот день ещё не наступил или был слишком давно.").wait_for()
        field = desk.page.get_by_label("День", exact=True)
        assert await field.get_attribute("aria-invalid") == "true"

        # When they step back
        before = datetime.now(UTC).date()
        await desk.page.get_by_role("button", name="Предыдущий день").click()
        # Then it is today's, by the clock of the report, which nobody would get
        await desk.page.get_by_text("Отчёт никому не отправляется").wait_for()
        assert await field.input_value() in {str(before), str(datetime.now(UTC).date())}
        assert await desk.page.get_by_role("button", name="Отправить сейчас").is_disabled()


async def _check_that_it_can_do_nothing(desk: Desk) -> None:
    """Not even if it were somebody else's mail, with scripts in it."""
    (frame,) = [frame for frame in desk.page.frames if frame.url.endswith("/report/frame")]
    assert await frame.evaluate(BY_SCRIPTS) == ["null", "blocked", "did not run"]
    desk.overlooks("Connecting to", "Fetch API", "Executing inline", "Loading the image")
