"""What somebody loads who was never here before."""

from urllib.parse import urlsplit

from playwright.async_api import Browser, Request, expect

from tests.e2e.office import Office
from tests.e2e.service import Service
from tests.e2e.ui.desk import seated

HEAVIEST_FIRST_VISIT_BYTES = 300_000
"""Over the network, compressed, with all that the overview asks for."""


async def test_a_first_visit_is_light_and_asks_nobody_else(browser: Browser, service: Service, office: Office) -> None:
    # Given a service that was used before, and so has a chart to show
    await office.add_clients(1)
    await office.until_counts(await office.create(), SENT=1)
    asked: list[Request] = []

    def notice(request: Request) -> None:
        asked.append(request)

    async with seated(browser, service.address) as desk:
        desk.page.on("request", notice)

        # When the overview has shown all that it has
        await desk.go("/")
        await expect(desk.page.get_by_role("figure")).to_be_visible()

        # Then
        loaded = {request.url: request for request in asked if await request.response()}
        weights = {url: (await request.sizes())["responseBodySize"] for url, request in loaded.items()}
        print(f"first visit: {sum(weights.values()):,} bytes in {len(asked)} requests", weights)
        assert sum(weights.values()) < HEAVIEST_FIRST_VISIT_BYTES
        assert len(weights) > 3
        assert {urlsplit(request.url).netloc for request in asked} == {service.address}
