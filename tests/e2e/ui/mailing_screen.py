"""A mailing's page."""

import re
from dataclasses import dataclass

from playwright.async_api import Locator

from tests.e2e.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class MailingScreen:
    desk: Desk
    id: str

    async def open(self, part: str = "") -> None:
        """From the beginning; `part` is one of its tabs, as the address calls it."""
        await self.desk.go(f"/mailings/{self.id}" + (f"?tab={part}" if part else ""))

    async def until_it_is(self, status: str) -> None:
        """Until the word beside the heading says so."""
        await self.desk.page.locator("main .mantine-Badge-root").get_by_text(status, exact=True).first.wait_for()

    @property
    def bar(self) -> Locator:
        """Of all its messages."""
        return self.desk.page.get_by_role("progressbar").first

    async def ended(self) -> int:
        """How many of its messages have their final status, as the page shows it."""
        return int(await self.bar.get_attribute("aria-valuenow") or 0)

    def figure(self, status: str) -> Locator:
        """The figure of one status: a way to the messages that it counts."""
        return self.desk.page.get_by_role("list", name="Messages by status").get_by_role("link", name=status)

    def number(self, status: str) -> Locator:
        """The same with the number beside it."""
        figures = self.desk.page.get_by_role("list", name="Messages by status").get_by_role("listitem")
        return figures.filter(has_text=status).get_by_text(re.compile(r"^[\d,]+$"))

    def table(self, name: str) -> Locator:
        """The rows of a table, without its heading."""
        return self.desk.page.get_by_role("table", name=name).locator("tbody tr")

    async def press(self, button: str) -> None:
        await self.desk.page.get_by_role("button", name=button, exact=True).click()

    async def ask_for(self, action: str) -> Locator:
        """One of the actions that ask first; the dialog."""
        await self.press("More actions")
        await self.desk.page.get_by_role("menuitem", name=action).click()
        dialog = self.desk.page.get_by_role("dialog")
        await dialog.get_by_role("listitem").first.wait_for()
        return dialog
