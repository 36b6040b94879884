"""The list of mailings, in front of somebody who looks for one and watches those that run."""

from playwright.async_api import Browser, expect

from tests.e2e.office import Office
from tests.e2e.service import Service
from tests.e2e.ui.axe import faults
from tests.e2e.ui.desk import PHONE, Desk, seated


async def test_mailings_are_found_and_change_before_ones_eyes(desk: Desk, office: Office) -> None:
    # Given one that waits for tomorrow
    await office.add_clients(4)
    waiting = await office.create(starts_in=86_400, ends_in=90_000, text=f"{office.name} waits")
    rows = desk.page.get_by_role("table").locator("tbody tr")

    # When it is looked for by its text, without a reload when another is made
    await desk.go("/mailings")
    await desk.page.get_by_role("searchbox", name="Text or id").fill(office.name)
    await expect(rows).to_have_count(1)
    running = await office.create(text=f"{office.name} runs", maxRate=2)
    # Then both are there, the newest first, and the one that runs comes to its end
    await expect(rows).to_contain_text([running, waiting])
    await expect(rows.first).to_contain_text("4 of 4 sent")
    await expect(rows.first).to_contain_text("Finished")
    await expect(rows.last).to_contain_text("Scheduled")
    assert await faults(desk.page) == []

    # When only those are wanted that have not started, and the page is loaded anew
    await desk.page.get_by_role("group", name="Only with the status").get_by_text("Scheduled").click()
    await expect(rows).to_have_count(1)
    await desk.page.reload()
    # Then it shows the same
    await expect(rows).to_contain_text([waiting])
    await desk.page.get_by_text("1 mailing", exact=True).wait_for()

    # When there is none like that
    await desk.page.get_by_role("searchbox", name="Text or id").fill(f"{office.name} is not there")
    await desk.page.get_by_role("button", name="Show all").click()
    # Then it is one step back to all of them
    await expect(rows.filter(has_text=f"{office.name} runs")).to_have_count(1)
    await rows.filter(has_text=f"{office.name} runs").get_by_role("link").click()
    await desk.page.wait_for_url(f"**/mailings/{running}")


async def test_a_phone_shows_the_same_in_russian(browser: Browser, service: Service, office: Office) -> None:
    # Given somebody on the way, and a mailing
    mailing = await office.create(starts_in=86_400, ends_in=90_000)
    async with seated(browser, service.address, viewport=PHONE, locale="ru-RU") as desk:
        # When they look for it
        await desk.page.goto(f"{desk.home}/mailings?search={mailing}")

        # Then it is there as a whole, with nothing to scroll aside for
        await desk.heading("Рассылки").wait_for()
        row = desk.page.get_by_role("row").filter(has_text=mailing)
        await expect(row).to_contain_text("Запланирована")
        await desk.page.get_by_text("1 рассылка", exact=True).wait_for()
        assert await desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
