"""What somebody sees while the service is stopped and started again: it says so, and goes on by itself."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import expect

from tests.e2e.office import Office
from tests.e2e.service import Service
from tests.e2e.ui.desk import OUTAGE, Desk


async def test_pages_say_that_the_service_is_away_and_go_on_when_it_is_back(
    desk: Desk, office: Office, service: Service
) -> None:
    # Given somebody who follows a mailing in one tab, and has begun to fill in a form in another
    page = desk.page
    await office.add_clients(30)
    mailing = await office.create(maxRate=2)
    await desk.go("/")
    card = page.get_by_role("article", name=office.name, exact=True)
    await expect(card).to_contain_text(re.compile(r"[1-9]\d* of 30 messages sent"))
    other = await desk.another_tab()
    await other.go("/clients/new")
    await other.page.get_by_label("Tag").fill("not to be lost")

    # When the service is stopped
    async with stopped(service):
        # Then that is said; what was shown is still there
        await expect(desk.banner).to_contain_text("The service cannot be reached")
        await expect(card).to_contain_text("of 30 messages sent")
        # And whoever sends something gets to know that nobody answers, and loses nothing
        await other.page.get_by_label("Phone").fill("79167654321")
        await other.page.get_by_role("button", name="Add the client").click()
        await expect(other.banner).to_contain_text("The service cannot be reached")
        await other.page.get_by_text("Nothing is known of what became of it").wait_for()
        await expect(other.page.get_by_label("Tag")).to_have_value("not to be lost")
        # And a page whose file was never loaded waits with the others
        await page.get_by_role("link", name="Provider", exact=True).click()
        await page.get_by_role("status", name="Loading …").wait_for()

    # When it is there again, then the banners go by themselves, the page comes, and the figures go on
    await expect(desk.banner).to_have_count(0)
    await expect(other.banner).to_have_count(0)
    await page.get_by_role("heading", name="The provider works").wait_for()
    await page.get_by_role("link", name="Overview").click()
    await office.result(mailing)
    await expect(card).to_contain_text("30 of 30 messages sent (100%)")
    # And the form can be sent as it stands
    await expect(other.page.get_by_label("Tag")).to_have_value("not to be lost")
    async with other.page.expect_response("**/graphql") as answer:
        await other.page.get_by_role("button", name="Add the client").click()
    assert (await answer.value).ok
    await expect(other.page.get_by_text("Nothing is known of what became of it")).to_have_count(0)
    for tab in (desk, other):
        tab.overlooks(*OUTAGE)
    assert other.complaints == []


@asynccontextmanager
async def stopped(service: Service) -> AsyncIterator[None]:
    """The service is away for the length of the block. The next story finds it as it was, whatever happens there."""
    await service.stop()
    try:
        yield
    finally:
        await service.start()
