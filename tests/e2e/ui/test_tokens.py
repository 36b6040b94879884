"""API tokens: made, shown once, good at the door, and taken back."""

import pytest
from playwright.async_api import Browser, Page

from mailing.access_tokens.service import COMMAND_LINE, create_token, revoke_token
from mailing.access_tokens.validation import NewToken
from mailing.roles import Role
from mailing.settings import Settings
from tests.e2e.office import MOSCOW, next_phone
from tests.e2e.ui.axe import faults
from tests.e2e.ui.clients_screens import Import
from tests.e2e.ui.desk import seated
from tests.e2e.ui.house import house

REFUSED = "Failed to load resource: the server responded with a status of 401"


@pytest.mark.usefixtures("database")
async def test_a_token_is_made_and_shown_once_lets_in_and_is_taken_back(browser: Browser, settings: Settings) -> None:
    async with house(settings) as home, seated(browser, home.address) as desk, seated(browser, home.address) as visitor:
        # Given somebody who has to show a token, and first shows a wrong one
        page = desk.page
        await desk.go("/tokens")
        for wrong in ("ьфшдштп_ьшыензув", "mailing_mistyped"):  # The first as with another keyboard layout.
            await _come_in(page, wrong)
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
            await one.page.goto("about:blank")  # What is still asked for would be refused after this.
            one.overlooks(REFUSED, "WebSocket connection to")


@pytest.mark.usefixtures("database")
async def test_an_import_goes_on_with_another_token_where_its_own_is_taken_back(
    browser: Browser, settings: Settings
) -> None:
    async with house(settings) as home, seated(browser, home.address) as desk:
        # Given an import that pauses
        mine = await create_token(NewToken("night shift", Role.OPERATOR, None), COMMAND_LINE)
        await desk.go("/clients/import")
        await _come_in(desk.page, mine.secret)
        importing = Import(desk)
        rows = "".join(f"{next_phone()},{MOSCOW}\n" for _ in range(2_500))
        await importing.choose("clients.csv", f"phone,timezone\n{rows}".encode())
        await importing.start_and_pause("Import 2,500 rows")
        await desk.page.get_by_text("1,000 of 2,500 rows").wait_for()

        # When it is to go on, without the token by now
        await revoke_token(mine.row.id)
        await importing.press("Go on")
        # Then another one is asked for, and with that it goes on where it was
        await desk.heading("An API token is needed").wait_for()
        await _come_in(desk.page, home.tokens[Role.OPERATOR])
        await importing.press("Try again")
        await importing.until("Imported")
        assert await importing.counts() == {"Added": "2,500"}
        desk.overlooks(REFUSED, "WebSocket connection to")


async def _come_in(page: Page, secret: str) -> None:
    await page.get_by_label("API token").fill(secret)
    await page.get_by_role("button", name="Come in").click()
