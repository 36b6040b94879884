"""The form that makes a mailing, or changes one."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, expect

from tests.e2e.ui.desk import Desk


def tomorrow() -> date:
    """Of those who sit at a desk, which is in Moscow."""
    return datetime.now(ZoneInfo("Europe/Moscow")).date() + timedelta(days=1)


def in_moscow(day: date, hour: int) -> str:
    """An hour of that day by Moscow's clock, as the API writes moments."""
    at = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Moscow"))
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def near(day: date, hour: int) -> str:
    """The same as the page writes it: with the year only if that is another than today's."""
    year = f", {day.year}" if day.year != (tomorrow() - timedelta(days=1)).year else ""
    return f"{day:%b} {day.day}{year}, {hour:02}:00"


@dataclass(frozen=True, slots=True)
class MailingForm:
    desk: Desk

    async def open(self, path: str = "/mailings/new") -> None:
        await self.desk.go(path)
        await self.text.wait_for()

    @property
    def text(self) -> Locator:
        return self.desk.page.get_by_role("textbox", name="Text")

    @property
    def audience(self) -> Locator:
        """Who gets it, beside the form."""
        return self.desk.page.get_by_role("region", name="Who gets it")

    @property
    def hours(self) -> Locator:
        """The zones of the audience with the hours at which they are sent to, a row each."""
        return self.desk.page.get_by_role("table", name="When it is sent").locator("tbody tr")

    @property
    def dialog(self) -> Locator:
        return self.desk.page.get_by_role("dialog")

    def field(self, label: str) -> Locator:
        # The label of one that must be filled in has an asterisk.
        return self.desk.page.get_by_label(re.compile(rf"^{re.escape(label)}( \*)?$"))

    def list_of(self, label: str) -> Locator:
        """A field that takes several values."""
        return self.desk.page.get_by_role("combobox", name=label)

    async def add(self, value: str, *, to: str) -> None:
        """To a field that takes several values, by the keyboard alone."""
        await self.list_of(to).fill(value)
        await self.list_of(to).press("Enter")
        # It is taken without leaving the field.
        await expect(self.list_of(to)).to_have_value("")
        # What else could be chosen lies over what comes next.
        await self.list_of(to).press("Escape")

    async def begin_at(self, day: date, hour: int) -> None:
        await self.field("Starts").fill(f"{day}T{hour:02}:00")

    async def end_at(self, day: date, hour: int) -> None:
        await self.field("Ends").fill(f"{day}T{hour:02}:00")

    async def press(self, button: str) -> None:
        await self.desk.page.get_by_role("button", name=button, exact=True).click()

    async def made(self) -> str:
        """The id of the mailing whose page came up."""
        await self.desk.page.wait_for_url("**/mailings/mailing_*")
        return self.desk.page.url.rsplit("/", 1)[1]
