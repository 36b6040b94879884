"""The admin UI as one person has it before them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.e2e.playground import PATIENCE_SECONDS

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

OUTAGE = ("Failed to load resource", "WebSocket connection to")
"""What the browser says of each request that finds nobody."""

_ADVICE = ("[DOM]",)
"""What the browser tells developers about any page, and is no fault of this one."""


@dataclass
class Desk:
    """A tab of a browser that was never here before. It notes everything that the browser complains of."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    async def opened(cls, context: BrowserContext, home: str) -> "Desk":
        """An empty tab."""
        desk = cls(await context.new_page(), home)
        desk.page.set_default_timeout(PATIENCE_SECONDS * 1_000)
        expect.set_options(timeout=PATIENCE_SECONDS * 1_000)
        desk.page.on("pageerror", lambda error: desk.complaints.append(str(error)))
        desk.page.on("console", desk._notice)
        return desk

    async def go(self, path: str) -> None:
        """To an address of the UI, as by typing it in, until its page has something to show."""
        await self.page.goto(self.home + path)
        await self.settled()

    async def settled(self) -> None:
        """Until nothing says that it is still loading."""
        await self.heading().wait_for()
        await expect(self.page.get_by_role("status", name="Loading …")).to_have_count(0)

    def heading(self, name: str | None = None) -> Locator:
        """The page's, which is what it is called."""
        return self.page.get_by_role("heading", level=1, name=name)

    @property
    def banner(self) -> Locator:
        """What stands above every page while the service is away."""
        return self.page.locator("main [role=status]").filter(has=self.page.locator(".mantine-Alert-root"))

    async def another_tab(self) -> "Desk":
        """Beside this one, in the same browser."""
        return await Desk.opened(self.page.context, self.home)

    def overlooks(self, *beginnings: str) -> None:
        """Forgets complaints that begin like this: those that a story has brought about itself."""
        self.complaints[:] = [told for told in self.complaints if not told.startswith(beginnings)]

    def _notice(self, message: ConsoleMessage) -> None:
        if not message.text.startswith(_ADVICE):
            self.complaints.append(message.text)


@asynccontextmanager
async def seated(browser: Browser, address: str, **habits: Any) -> AsyncIterator[Desk]:
    """Somebody sits down. `habits` are those of `new_context`: locale, color_scheme, viewport.

    At the end the browser must have had nothing to complain of.
    """
    manner: dict[str, Any] = {"viewport": WIDE, "locale": "en-US", "timezone_id": "Europe/Moscow"}
    context = await browser.new_context(reduced_motion="reduce", **(manner | habits))
    try:
        desk = await Desk.opened(context, f"http://{address}")
        yield desk
    finally:
        await context.close()
    assert desk.complaints == [], desk.complaints
