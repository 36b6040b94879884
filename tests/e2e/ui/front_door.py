"""The door of a service that people sign in to, and the OpenID provider's two pages behind it."""

from dataclasses import dataclass

from playwright.async_api import Locator, Route

from tests.e2e.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """What the browser complains of on the way in or out is no fault: that nobody is signed in, a font not fetched."""

    desk: Desk

    @property
    def closed(self) -> Locator:
        """What stands in place of every page while nobody is signed in."""
        return self.desk.heading("Sign in to go on")

    async def come_in(self, name: str) -> None:
        """By that name, to the page that was wanted."""
        page = self.desk.page
        await page.route("**/fonts.googleapis.com/**", _nothing)  # The provider's page asks for it.
        await page.get_by_role("link", name="Sign in", exact=True).click()
        await page.get_by_placeholder("Enter any login").fill(name)
        await page.get_by_placeholder("and password").fill("any")
        await page.get_by_role("button", name="Sign-in").click()
        await page.get_by_role("navigation", name="Main navigation").wait_for()
        self.desk.overlooks("Failed to load resource")

    async def leave(self, account: str) -> None:
        """Here and at the provider; `account` is what the menu calls the person."""
        page = self.desk.page
        await page.get_by_role("button", name=account).click()
        await page.get_by_role("menuitem", name="Sign out").click()
        await page.get_by_role("button", name="Yes, sign me out").click()
        await self.closed.wait_for()
        self.desk.overlooks("Failed to load resource")


async def _nothing(route: Route) -> None:
    await route.abort()
