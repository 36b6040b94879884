"""GraphiQL as a person has it before them, in a real browser without a window."""

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psutil
import pytest
from playwright.async_api import BrowserContext, Page, Request, WebSocket, async_playwright

from tests.waiting import until

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

PATIENCE_SECONDS = 30
"""A browser and a whole service share the machine with other tests."""


@asynccontextmanager
async def browsing() -> AsyncIterator[BrowserContext]:
    """A Chromium of this machine that nobody has used before. Where there is none the test is skipped."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser here: none of {', '.join(BROWSERS)} (Debian has the package chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path)
        _give_way()
        try:
            yield await browser.new_context(viewport={"width": 1280, "height": 800})
        finally:
            await browser.close()


def _give_way() -> None:
    """Stories in a browser have patience, and what other tests look at meanwhile is over in fractions of a second."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if process.name().startswith("chrom"):
                process.nice(10)


@dataclass
class Playground:
    """One page, and what it did unseen: what it asked for, what the browser complained of, its sockets' frames."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    sockets: list[WebSocket] = field(default_factory=list)
    sent_frames: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    async def opened(cls, context: BrowserContext, url: str, *, with_schema: bool = True) -> "Playground":
        """Loaded, with an editor in it and with the schema, if that is told."""
        playground = cls(await context.new_page())
        page = playground.page
        page.set_default_timeout(PATIENCE_SECONDS * 1_000)
        page.on("request", playground._notice)
        page.on("pageerror", lambda error: playground.complaints.append(str(error)))
        # A policy that something broke is told there, too.
        page.on("console", lambda message: playground.complaints.append(message.text))
        page.on("websocket", playground._watch)
        await page.goto(url)
        await playground.until_ready(with_schema=with_schema)
        return playground

    async def until_ready(self, *, with_schema: bool = True) -> None:
        await self.page.locator(".graphiql-query-editor .view-line").first.wait_for()
        if with_schema:
            await self.page.get_by_text("All Schema Types").wait_for()

    async def tabs(self) -> list[str]:
        return await self.page.locator(".graphiql-tab-button").all_inner_texts()

    async def choose(self, tab: str) -> None:
        await self.page.locator(".graphiql-tab-button").get_by_text(tab, exact=True).click()
        await self.page.locator(".graphiql-tab-active").get_by_text(tab, exact=True).wait_for()

    async def press_run(self) -> None:
        """Or stop, which is the same button."""
        await self.page.locator(".graphiql-execute-button").click()

    async def run(self, tab: str) -> dict[str, Any]:
        """What the answer's pane shows for the operation of a tab."""
        await self.choose(tab)
        await self.press_run()
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        """What the pane shows, as soon as it shows anything."""
        await until(lambda: self._text("response.json"), seconds=PATIENCE_SECONDS)
        answer: dict[str, Any] = json.loads(await self._text("response.json"))
        return answer

    async def write(self, editor: str, text: str) -> None:
        """Into "operation.graphql", "variables.json" or "headers.json"; other than by keys nothing is completed."""
        await self.page.evaluate(
            "([name, text]) => __MONACO.editor.getModels().find(m => m.uri.path.endsWith(name)).setValue(text)",
            [editor, text],
        )

    async def mistakes(self) -> list[str]:
        """What the editor has underlined, as its worker says."""
        marks: list[str] = await self.page.evaluate("__MONACO.editor.getModelMarkers({}).map(m => m.message)")
        return marks

    async def _text(self, editor: str) -> str:
        text: str = await self.page.evaluate(
            "name => __MONACO.editor.getModels().find(m => m.uri.path.endsWith(name)).getValue()", editor
        )
        return text

    def _notice(self, request: Request) -> None:
        self.requests.append(request)

    def _watch(self, socket: WebSocket) -> None:
        self.sockets.append(socket)
        socket.on("framesent", lambda frame: self.sent_frames.append(json.loads(frame)))
