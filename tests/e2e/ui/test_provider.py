"""The provider's health: in words, live, with what has to be done."""

from playwright.async_api import expect

from tests.e2e.office import Office
from tests.e2e.outside import Outside
from tests.e2e.ui.desk import Desk

ENOUGH = 30
"""Requests by which the service judges."""


async def test_somebody_who_looks_on_sees_the_provider_fail_and_come_back(
    desk: Desk, office: Office, outside: Outside
) -> None:
    # Given
    page = desk.page
    await office.add_clients(ENOUGH)
    await desk.go("/provider")
    await page.get_by_role("heading", name="The provider works").wait_for()

    # When it answers nothing but errors
    await outside.play(error_share=1)
    await office.create()
    # Then that is said with what was seen last and when it is tried again, also on the overview
    await page.get_by_role("heading", name="Sending is stopped: the provider does not work").wait_for()
    await page.get_by_text("Nothing has to be done here").wait_for()
    await expect(page.get_by_role("main")).to_contain_text("Next try")
    await expect(page.get_by_role("main")).to_contain_text("HTTP 500")
    await page.get_by_role("link", name="Overview").click()
    await page.get_by_text("Sending is stopped: the provider does not work").wait_for()
    await page.get_by_role("link", name="More about the provider").click()

    # When it works again, then nobody has to do anything
    await outside.play()
    await page.get_by_role("heading", name="The provider works").wait_for()
    await expect(page.get_by_role("main")).not_to_contain_text("Next try")


async def test_a_token_that_is_refused_is_something_to_do(desk: Desk, office: Office, outside: Outside) -> None:
    # Given
    await outside.play(unauthorized=True)
    await office.add_clients(5)  # More than it takes to believe that the provider works again.
    await office.create()

    # When
    await desk.go("/provider")

    # Then
    await desk.page.get_by_role("heading", name="Sending is stopped: the provider refuses our token").wait_for()
    todo = desk.page.get_by_role("alert").filter(has_text="What to do")
    await expect(todo).to_contain_text("MAILING_PROVIDER_TOKEN_FILE")
    # And once it is accepted, all is well
    await outside.play()
    await desk.page.get_by_role("heading", name="The provider works").wait_for()
    await expect(todo).to_have_count(0)
