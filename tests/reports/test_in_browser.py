"""The report as a browser shows it: light, dark, and on a phone."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Page

from mailing.reports.letter import write_letter
from tests.e2e.playground import browsing
from tests.reports.examples import busy_day

_LUMINANCE = """
    selector => {
        const style = getComputedStyle(document.querySelector(selector));
        const [r, g, b] = style[selector === '.sheet' ? 'backgroundColor' : 'color'].match(/[0-9.]+/g).map(Number);
        return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    }
"""


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    file = tmp_path / "report.html"
    file.write_text(write_letter(busy_day(), link="https://mailing.example.com").html)
    async with browsing() as context:
        page = await context.new_page()
        await page.goto(file.as_uri())
        yield page


async def test_it_is_dark_where_people_like_it_dark(page: Page) -> None:
    async def luminances() -> tuple[float, ...]:
        return tuple([await page.evaluate(_LUMINANCE, selector) for selector in (".sheet", "h1", ".quiet", ".figure")])

    await page.emulate_media(color_scheme="light")
    sheet, *texts = await luminances()
    assert sheet > 0.95
    assert max(texts) < 0.45
    await page.emulate_media(color_scheme="dark")
    sheet, *texts = await luminances()
    assert sheet < 0.15
    assert min(texts) > 0.6


@pytest.mark.parametrize("width", [320, 375, 1280])
async def test_nothing_sticks_out_on_any_screen(page: Page, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 800})

    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    bars = page.locator(".column")
    assert await bars.count() == 24
    heights = await page.locator("td.sent").evaluate_all("cells => cells.map(cell => cell.offsetHeight)")
    assert max(heights) == 98  # 13,100 of 16,000 on 120 pixels


async def test_a_word_without_end_is_broken_wherever_it_stands(page: Page, tmp_path: Path) -> None:
    # Given
    word = "W" * 200
    figures = replace(
        busy_day(),
        mailings=tuple(replace(mailing, text=word) for mailing in busy_day().mailings),
        failures=tuple(replace(failure, reason=word[:100]) for failure in busy_day().failures),
        at_risk=tuple(replace(mailing, text=word) for mailing in busy_day().at_risk or ()),
        held_since=busy_day().made_at,
        held_because=word,
    )
    (tmp_path / "words.html").write_text(write_letter(figures).html)

    # When
    await page.set_viewport_size({"width": 375, "height": 800})
    await page.goto((tmp_path / "words.html").as_uri())

    # Then
    assert await page.evaluate("document.documentElement.scrollWidth") <= 375
