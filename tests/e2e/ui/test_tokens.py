"""API tokens: made, shown once, good at the door, and taken back."""

import pytest
from playwright.async_api import Browser, Page

from mailing.roles import Role
from mailing.settings import Settings
from tests.e2e.ui.axe import faults
from tests.e2e.ui.desk import seated
from tests.e2e.ui.house import house

REFUSED = "Failed to load resource: the server responded with a status of 401"


@pytest.mark.usefixtures("database")
async def test_a_token_is_made_and_shown_once_lets_in_and_is_taken_back(browser: Browser, settings: Settings) -> None:
    async with house(settings) as home, seated(browser, home.address) as desk, seated(browser, home.address) as visitor:
        # Given somebody who has to show a token, and first shows a wrong one
        page = desk.page
        await desk.go("/tokens")
        await _come_in(page, "mailing_mistyped")
        await page.get_by_text("The service does not accept this token.").wait_for()
        await _come_in(page, home.tokens[Role.ADMIN])
        await desk.heading("API tokens").wait_for()

        # When they make one and say too little at first
        await page.get_by_role("button", name="New token").click()
        await page.get_by_role("button", name="Make the token").click()
        await page.get_by_text("This must not be empty.").wait_for()
        assert await faults(page) == []
        await page.get_by_label("Name").fill("CRM export")
        await page.get_by_label("Expires").select_option("after a day of your choice")
        await page.get_by_label("Last day on which it is good").fill("2020-01-31")
        await page.get_by_role("button", name="Make the token").click()
        await page.get_by_text("This is past by now.").wait_for()
        await page.get_by_label("Expires").select_option("never")
        await page.get_by_role("button", name="Make the token").click()

        # Then it is shown, and neither a key nor a click beside it takes it away
        secret = await page.get_by_label("Token", exact=True).input_value()
        await page.keyboard.press("Escape")
        await page.mouse.click(5, 5)
        assert await faults(page) == []
        await page.get_by_role("button", name="I have kept it").click()
        row = page.get_by_role("row").filter(has_text="CRM export")
        assert [await row.get_by_text(text).count() for text in ("viewer", "Active", secret[:14])] == [1, 1, 1]
        assert secret not in await page.content()

        # And it lets somebody in, who may only look
        await visitor.go("/mailings")
        await _come_in(visitor.page, secret)
        await visitor.page.get_by_role("button", name="CRM export, viewer").wait_for()
        assert await visitor.page.get_by_role("link", name="API tokens").count() == 0

        # When it is taken back
        await page.get_by_role("button", name="Revoke CRM export").click()
        await page.get_by_text("Tokens that were made with it stay as they are.").wait_for()
        assert await faults(page) == []
        await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        await row.get_by_text("Revoked").wait_for()

        # Then they are out with their next step
        await visitor.page.get_by_role("link", name="Overview").click()
        await visitor.heading("An API token is needed").wait_for()
        for one in (desk, visitor):
            one.overlooks(REFUSED, "WebSocket connection to")


async def _come_in(page: Page, secret: str) -> None:
    await page.get_by_label("API token").fill(secret)
    await page.get_by_role("button", name="Come in").click()
