"""The import of a file of clients in the browser."""

import asyncio

import pytest
from playwright.async_api import Route

from tests.e2e.office import MOSCOW, Office, next_phone
from tests.e2e.ui.axe import faults
from tests.e2e.ui.clients_screens import Import
from tests.e2e.ui.desk import Desk


@pytest.fixture
async def importing(desk: Desk) -> Import:
    await desk.go("/clients/import")
    return Import(desk)


async def test_a_file_of_a_spreadsheet_is_imported_and_what_is_wrong_is_told(
    desk: Desk, importing: Import, office: Office
) -> None:
    # Given what Excel saves in Russia, with columns of their own names, and two rows that are wrong
    known = (await office.add_client())["phone"]
    new = next_phone()
    rows = [
        "Телефон;Имя;Тег",
        f"+7 {new[1:4]} {new[4:7]}-{new[7:9]}-{new[9:]};Анна;{office.name} друзья",
        f"{known};Борис;{office.name}",
        "12;Вера;x",
        f"{next_phone()};Глеб",
    ]
    await importing.choose("клиенты.csv", "\r\n".join(rows).encode("windows-1251"))

    # When the time zone is chosen that the file does not have
    await desk.page.get_by_role("cell", name=f"{office.name} друзья").wait_for()
    assert await importing.recognised() == ("Windows-1251", "semicolon")
    await importing.choose_zone_for_all(MOSCOW)
    await importing.press("Import 4 rows")

    # Then each row counts once, and the wrong ones are told with their lines
    await importing.until("Imported")
    assert await importing.counts() == {"Added": "1", "Unchanged": "1", "Rejected": "2"}
    assert await importing.rejected() == [
        ["4", "12 · Вера · x", "Phone: A phone number is 7 and ten more digits, such as 79161234567."],
        ["5", rows[4].replace(";", " · "), "The header has 3 columns, this row has more or fewer."],
    ]
    assert (await importing.saved()).splitlines()[1].startswith("12;Вера;x;4;Phone:")
    assert await faults(desk.page) == []


async def test_an_import_waits_while_the_service_is_away_and_loses_nothing(
    desk: Desk, importing: Import, office: Office
) -> None:
    # Given a file of several pieces, and a connection that breaks before the first answer is there
    file = "phone,timezone,tag\n" + "".join(f"{next_phone()},{MOSCOW},{office.name}\n" for _ in range(2_500))
    await importing.choose("clients.csv", file.encode())
    await desk.page.get_by_role("button", name="Import 2,500 rows").wait_for()
    await desk.page.route("**/graphql", _take_and_break, times=1)
    came_back = asyncio.Event()

    async def answer_later(route: Route) -> None:
        await came_back.wait()
        await route.continue_()

    await desk.page.route("**/healthz", answer_later)

    # When it is started
    await importing.press("Import 2,500 rows")
    # Then it waits, and says so
    await importing.until("Waiting for the service")
    await desk.banner.wait_for()

    # When the service can be reached again
    came_back.set()
    # Then it goes on by itself: what had been taken before is not taken twice
    await importing.until("Imported")
    assert await importing.counts() == {"Added": "1,500", "Unchanged": "1,000"}
    await desk.page.get_by_text("A part was sent twice").wait_for()
    answer = await office.api.ask(
        "query ($tag: String!) { audience(filter: {tags: [$tag]}) { total } }", tag=office.name
    )
    assert answer["audience"]["total"] == 2_500
    desk.overlooks("Failed to load resource")


async def _take_and_break(route: Route) -> None:
    """The service gets the request, but the browser no answer."""
    await route.fetch()
    await route.abort("connectionreset")


async def test_an_import_goes_on_behind_other_pages_and_can_be_ended_early(desk: Desk, importing: Import) -> None:
    # Given an import that is paused
    file = "phone,timezone\n" + "".join(f"{next_phone()},{MOSCOW}\n" for _ in range(3_000))
    await importing.choose("clients.csv", file.encode())
    await importing.start_and_pause("Import 3,000 rows")

    # When somebody looks at another page and comes back
    await desk.page.get_by_role("link", name="Why?").click()
    await desk.heading("Why?").wait_for()
    await desk.page.get_by_role("link", name="Clients").click()
    await desk.page.get_by_role("link", name="Import").click()
    # Then it is as it was
    await importing.until("Paused")

    # When it is ended
    await importing.press("End the import")
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_text("will not be imported").wait_for()
    await dialog.get_by_role("button", name="End the import").click()
    # Then what was imported stays, and another file may come
    await importing.until("Ended early")
    await importing.press("Import another file")
    await importing.choose("clients.xlsx", b"PK\x03\x04 and so on")
    await desk.page.get_by_text("It is a workbook of a spreadsheet program.").wait_for()
