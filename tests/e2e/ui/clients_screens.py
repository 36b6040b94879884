"""The screens of clients as a person at a desk uses them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import FilePayload, Locator, Route

from tests.e2e.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class Clients:
    """The list, one client, and the form."""

    desk: Desk

    @property
    def rows(self) -> Locator:
        """Of the list, without its head."""
        return self.desk.page.locator("main tbody tr")

    async def search(self, text: str) -> None:
        await self.desk.page.get_by_role("searchbox", name="Search").fill(text)

    async def fill(self, **fields: str) -> None:
        """Into the form: phone, operator_code, tag."""
        for name, value in fields.items():
            await self.desk.page.get_by_label(name.replace("_", " ").capitalize()).fill(value)

    async def choose_zone(self, typed: str, zone: str) -> None:
        field = self.desk.page.get_by_role("combobox", name="Time zone")
        await field.fill(typed)
        await self.desk.page.get_by_role("option", name=zone).click()

    async def press(self, button: str) -> None:
        await self.desk.page.get_by_role("button", name=button, exact=True).click()

    def said(self, text: str) -> Locator:
        return self.desk.page.locator("main").get_by_text(text)


@dataclass(frozen=True, slots=True)
class Import:
    """The import of a file."""

    desk: Desk

    async def choose(self, name: str, content: bytes) -> None:
        file = FilePayload(name=name, mimeType="text/csv", buffer=content)
        await self.desk.page.locator("input[type=file]").set_input_files(file)

    async def recognised(self) -> tuple[str, str]:
        """The encoding, and what separates the values."""
        return await self._chosen("Encoding"), await self._chosen("Values are separated by")

    async def choose_zone_for_all(self, zone: str) -> None:
        await self.desk.page.get_by_role("combobox", name="Time zone of all these clients").fill(zone)
        await self.desk.page.get_by_role("option", name=zone).click()

    async def press(self, button: str) -> None:
        await self.desk.page.get_by_role("button", name=button).click()

    async def start_and_pause(self, start: str) -> None:
        """Presses these two so that the pause comes before the first answer."""
        is_paused = asyncio.Event()

        async def answer_later(route: Route) -> None:
            await is_paused.wait()
            await route.continue_()

        await self.desk.page.route("**/graphql", answer_later, times=1)
        await self.press(start)
        await self.press("Pause")
        is_paused.set()

    async def until(self, state: str) -> None:
        await self.desk.page.get_by_role("status").get_by_text(state, exact=True).wait_for()

    async def counts(self) -> Mapping[str, str]:
        """What became of the rows, as it is shown; without zeros."""
        counts = self.desk.page.locator("main dl")
        names, numbers = await counts.locator("dt").all_inner_texts(), await counts.locator("dd").all_inner_texts()
        return {name: number for name, number in zip(names, numbers, strict=True) if number != "0"}

    async def rejected(self) -> list[list[str]]:
        """Of each rejected row that is in sight: its line, what it holds, what is wrong."""
        rows = self.desk.page.get_by_role("region", name="Rejected rows").locator("tbody tr")
        return [await row.locator("td").all_inner_texts() for row in await rows.all()]

    async def saved(self) -> str:
        """The rejected rows as the file that the browser saves."""
        async with self.desk.page.expect_download() as download:
            await self.press("Save as CSV")
        return Path(await (await download.value).path()).read_text(encoding="utf-8-sig")

    async def _chosen(self, name: str) -> str:
        return await self.desk.page.get_by_role("combobox", name=name).input_value()
