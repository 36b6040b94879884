"""Makes the picture of the report that the documentation shows: `python -m tests.reports.picture docs/report.png`."""

import asyncio
import base64
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.async_api import BrowserContext

from mailing.reports.letter import write_letter
from tests.e2e.playground import browsing
from tests.reports.examples import busy_day

ColorScheme = Literal["light", "dark"]

_HEIGHT = 900
_VIEWS: tuple[tuple[ColorScheme, int], ...] = (("light", 660), ("dark", 660), ("light", 340))
"""Next to each other; the last is a phone."""


async def _make(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_text(write_letter(busy_day(), link="https://mailing.example.com").html)
        async with browsing() as context:
            shots = [await _shot(context, file.as_uri(), scheme, width) for scheme, width in _VIEWS]
            page = await context.new_page()
            await page.set_viewport_size({"width": sum(width for _, width in _VIEWS) + 48, "height": _HEIGHT + 24})
            await page.set_content(
                "<body style='margin:12px;display:flex;gap:12px;background:#8894a0'>"
                + "".join(f"<img src='data:image/png;base64,{base64.b64encode(shot).decode()}'>" for shot in shots)
            )
            await page.screenshot(path=target)


async def _shot(context: BrowserContext, url: str, scheme: ColorScheme, width: int) -> bytes:
    page = await context.new_page()
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": width, "height": _HEIGHT})
    await page.goto(url)
    return await page.screenshot()


if __name__ == "__main__":
    asyncio.run(_make(Path(sys.argv[1])))
