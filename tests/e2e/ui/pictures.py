"""Takes the pictures of the admin UI that the documentation shows: `python -m tests.e2e.ui.pictures docs/pictures`.

Nothing in them is painted: a service of its own, with clients like the samples of `make up`, sends mailings meanwhile.
"""

import asyncio
import base64
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

import aiohttp
from playwright.async_api import Browser, ViewportSize, expect

from mailing.cli.fictional_clients import fictional_clients
from mailing.cli.preconditions import free_port
from mailing.embedded.runtime import read_endpoints
from tests.e2e.office import Office
from tests.e2e.outside import Outside
from tests.e2e.playground import browsing
from tests.e2e.service import Service
from tests.e2e.ui.clients_screens import Import
from tests.e2e.ui.desk import PHONE, Desk, seated
from tests.e2e.ui.mailing_form import MailingForm, tomorrow
from tests.e2e.ui.mailing_screen import MailingScreen
from tests.gql_api.api import Api
from tests.running import run
from tests.waiting import until

MOST_BYTES = 60_000

CLIENTS = 4_000
MISTAKES = """8 800 200,new,Europe/Moscow
+7 916 123-45-67,vip,Mars
79161234568,promo,
79161234569,regular,Europe/Moscow,once more
"""

ColorScheme = Literal["light", "dark"]

REPAIR = "No water tomorrow from 10:00 to 14:00: the pipes are repaired."
SALE = "Only this week: every second ticket at half the price."
METER = "Please send us the readings of your meters before the 25th."


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to see: a mailing that runs, one that is over, and the service that sends them."""

    office: Office
    running: str
    over: str

    @property
    def address(self) -> str:
        return self.office.api.address


async def _make(folder: Path) -> None:
    async with _service() as office, browsing() as context:
        assert context.browser
        scene = await _set(office)
        # First, so that meanwhile something happens to what is live.
        await _take_what_is_not(context.browser, scene, folder)
        await _take_what_is_live(context.browser, scene, folder)


@asynccontextmanager
async def _service() -> AsyncIterator[Office]:
    """With sample clients, and a provider that takes its time and now and then refuses a message."""
    with tempfile.TemporaryDirectory(prefix="mailing-pictures-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)  # The servers have a user of their own where this is run as root.
        service = Service(Path(folder), free_port(), {})
        try:
            await service.start()
            await _import_sample_clients(service)
            async with aiohttp.ClientSession() as http:
                endpoints = read_endpoints(service.data_dir)
                assert endpoints
                outside = Outside(http, endpoints.provider_url.removesuffix("/v1"))
                await outside.play(latency_ms=[50, 250], refuse_share=0.03)
                yield Office(Api(http, service.address), "pictures")
        finally:
            await service.stop_if_running()


async def _import_sample_clients(service: Service) -> None:
    command = (sys.executable, "-P", "-m", "mailing", "import", "-", "--data-dir", service.data_dir)
    done = await run(*command, folder=service.data_dir, env=service.env, stdin=_file_of(CLIENTS, seed=0))
    assert done.status == 0, done.errors


async def _set(office: Office) -> Scene:
    over = await office.create(text=SALE, filter={"tags": ["promo", "vip"]}, ends_in=3_600)
    await office.result(over)
    # This one will not be through in time, which the overview says.
    await office.create(text=METER, filter={"tags": ["regular"]}, maxRate=3, ends_in=300)
    running = await office.create(text=REPAIR, filter={"tags": []}, maxRate=60, ends_in=7_200)
    return Scene(office, running, over)


async def _take_what_is_live(browser: Browser, scene: Scene, folder: Path) -> None:
    async with seated(browser, scene.address, viewport=_wide(890)) as desk:
        screen = MailingScreen(desk, scene.running)
        await screen.open()
        await until(lambda: _has_reached(screen, 1_800), seconds=120)
        await _take_both(desk, folder / "mailing")
    async with seated(browser, scene.address, viewport=_wide(900)) as desk:
        await desk.go("/")
        await expect(desk.page.get_by_role("article", name=REPAIR)).to_contain_text("At this rate done")
        await _take_both(desk, folder / "overview")
    async with seated(browser, scene.address, viewport=PHONE, is_mobile=True, has_touch=True) as desk:
        await MailingScreen(desk, scene.running).open()
        await _take(desk, folder / "phone")


async def _take_what_is_not(browser: Browser, scene: Scene, folder: Path) -> None:
    async with seated(browser, scene.address, viewport=_wide(960)) as desk:
        await _type_a_mailing(desk)
        await _take(desk, folder / "form")
    async with seated(browser, scene.address, viewport=_wide(860)) as desk:
        await _import_clients(desk)
        await _take(desk, folder / "import")
        messages = await scene.office.messages(scene.over, "status client { id }")
        client = next(one["client"]["id"] for one in messages if one["status"] == "FAILED")
        await desk.go(f"/why?client={client}&mailing={scene.over}")
        await desk.page.get_by_text("The provider refused it for good.").wait_for()
        await _take(desk, folder / "why")


async def _type_a_mailing(desk: Desk) -> None:
    form, day = MailingForm(desk), tomorrow()
    await form.open()
    await form.text.fill(REPAIR)
    for tag in ("regular", "vip"):
        await form.add(tag, to="Tags")
    await form.begin_at(day, 9)
    await form.end_at(day, 21)
    await form.audience.get_by_role("listitem").filter(has_text="regular").wait_for()
    await form.hours.filter(has_text="Europe/Moscow").wait_for()
    await form.field("From").evaluate("field => window.scrollTo(0, field.getBoundingClientRect().top - 400)")


async def _import_clients(desk: Desk) -> None:
    importing = Import(desk)
    await desk.go("/clients/import")
    await importing.choose("clients.csv", (_file_of(2_400, seed=7) + MISTAKES).encode())
    await importing.press("Import 2,404 rows")
    await importing.until("Imported")


def _file_of(count: int, *, seed: int) -> str:
    rows = [f"{one.phone},{one.tag},{one.timezone}" for one in islice(fictional_clients(seed), count)]
    return "\n".join(["phone,tag,timezone", *rows, ""])


async def _has_reached(screen: MailingScreen, count: int) -> bool:
    return await screen.ended() >= count


def _wide(height: int) -> ViewportSize:
    return {"width": 1280, "height": height}


async def _take_both(desk: Desk, target: Path) -> None:
    themes: tuple[ColorScheme, ...] = ("light", "dark")
    for theme in themes:
        await desk.page.emulate_media(color_scheme=theme)
        await _take(desk, target.with_name(f"{target.name}-{theme}"))


async def _take(desk: Desk, target: Path) -> None:
    """As WebP, which Chromium writes itself, and small enough for a repository."""
    page = desk.page
    # The place of a scroll bar, which pictures do not have; and until that is on the screen.
    await page.evaluate(
        "document.documentElement.style.scrollbarGutter = 'auto';"
        "document.activeElement.blur();"
        "new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))"
    )
    browser = await page.context.new_cdp_session(page)
    for quality in (75, 65, 55, 45):
        taken = await browser.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        picture = base64.b64decode(taken["data"])
        if len(picture) <= MOST_BYTES:
            break
    target.with_suffix(".webp").write_bytes(picture)
    print(f"{target.name}.webp: {len(picture):,} bytes")


if __name__ == "__main__":
    asyncio.run(_make(Path(sys.argv[1])))
