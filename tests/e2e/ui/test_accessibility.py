"""Every screen, in both themes: axe-core finds nothing serious on it."""

from collections import Counter

from playwright.async_api import Browser, expect

from tests.e2e.office import Office
from tests.e2e.service import Service
from tests.e2e.ui.axe import faults
from tests.e2e.ui.desk import Desk, seated


async def test_nothing_is_in_the_way_of_those_who_do_not_see_or_use_no_mouse(desk: Desk, office: Office) -> None:
    # Given something to show
    client = (await office.add_client())["id"]
    mailing = await office.create()
    assert await office.result(mailing) == Counter(SENT=1)
    (message,) = await office.messages(mailing, "id")
    paths = [
        "/",
        "/mailings",
        "/mailings/new",
        f"/mailings/{mailing}",
        f"/mailings/{mailing}/edit",
        "/clients",
        "/clients/new",
        "/clients/import",
        f"/clients/{client}",
        f"/clients/{client}/edit",
        f"/messages/{message['id']}",
        "/why",
        "/provider",
        "/report",
        "/tokens",
        "/not/a/page",
    ]

    # When each is looked at in the light, and its colours also in the dark
    found: dict[str, list[str]] = {}
    for path in paths:
        await desk.page.emulate_media(color_scheme="light")
        await desk.go(path)
        in_the_light = await faults(desk.page)
        await desk.page.emulate_media(color_scheme="dark")
        in_the_dark = await faults(desk.page, "color-contrast")
        found |= {path: [*in_the_light, *in_the_dark]} if in_the_light or in_the_dark else {}

    # Then
    assert found == {}


async def test_the_keyboard_finds_its_way_on_a_phone(browser: Browser, service: Service) -> None:
    async with seated(browser, service.address, viewport={"width": 390, "height": 844}) as desk:
        page, keyboard = desk.page, desk.page.keyboard
        menu = page.get_by_role("button", name="Open the navigation")
        await desk.go("/clients")

        # When somebody goes past the closed menu
        await page.get_by_role("button", name="Everyone, admin").focus()
        await keyboard.press("Tab")
        # Then they are in the page
        await expect(page.get_by_role("link", name="Import")).to_be_focused()

        # When they open the menu, and leave it again
        await menu.press("Enter")
        await page.get_by_role("link", name="Why?").focus()
        await keyboard.press("Escape")
        # Then they are where they were
        await expect(menu).to_be_focused()
        await expect(menu).to_have_attribute("aria-expanded", "false")

        # When they follow a link in it
        await menu.press("Enter")
        await page.get_by_role("link", name="Why?").press("Enter")
        # Then it is gone, and they go on in the new page
        await desk.heading("Why?").wait_for()
        await expect(page.get_by_role("link", name="Why?")).not_to_be_visible()
        await expect(page.get_by_role("main")).to_be_focused()
