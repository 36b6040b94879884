"""Signing in, working and signing out in a real browser, at a real provider of another site."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import BrowserContext, Page, Route

from gql_api.docs.page import BUNDLE
from mailing.cli.preconditions import free_port
from mailing.settings import Settings
from tests.e2e.playground import Playground, browsing
from tests.gql_api.api import Json
from tests.gql_api.auth.conftest import trusting
from tests.gql_api.auth.issuer import AUDIENCE, issuing
from tests.gql_api.serving import whole_api
from tests.gql_api.sign_in.conftest import provider
from tests.gql_api.sign_in.openid_provider import CLIENT, OpenIdProvider

__all__ = ["provider"]

DOCUMENT = (Path(__file__).parents[2] / "docs/api.md").read_text()
(SNIPPET,) = re.findall(r"^```javascript\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)
"""What docs/api.md shows to whoever writes a page."""

COUNT = "query Count { clients { totalCount } }"
FOLLOW = "subscription Follow { providerHealth { breaker } }"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[BrowserContext]:
    assert (BUNDLE / "index.html").exists(), "run `make web`"
    async with browsing() as context:
        yield context


async def test_a_person_signs_in_works_and_signs_out(
    browser: BrowserContext, settings: Settings, provider: OpenIdProvider, database: None
) -> None:
    # Given the service on another site than the provider, as nearly always
    port = free_port()
    home = f"http://localhost:{port}"
    sign_in = {"auth_issuer": provider.url, "auth_audience": AUDIENCE, "public_url": home, **CLIENT}
    async with whole_api(settings, port, **sign_in):
        playground = await Playground.opened(browser, f"{home}/docs/", with_schema=False)
        page = playground.page
        await page.route("**/fonts.googleapis.com/**", _nothing)  # The provider's page asks for it.

        # When nobody has signed in
        await page.get_by_text("You are not signed in").wait_for()
        refused = await _run(playground, COUNT)
        # Then the API refuses, and the page leads to the provider
        assert refused["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED", "signInUrl": f"{home}/auth/sign-in"}
        await page.get_by_role("link", name="Sign in").click()
        await _enter(page, "ada")

        # When they are back
        await page.wait_for_url(f"{home}/docs/")
        await playground.until_ready(with_schema=False)
        await page.get_by_text("Ada Lovelace (admin)").wait_for()
        # Then all works, by HTTP and by WebSocket, and the page says why there is no documentation
        await page.get_by_text("No documentation here").wait_for()
        assert await _run(playground, COUNT) == {"data": {"clients": {"totalCount": 0}}}
        assert await _run(playground, FOLLOW) == {"data": {"providerHealth": {"breaker": "CLOSED"}}}
        await playground.press_run()
        assert (await page.evaluate(f"async () => {{ {SNIPPET} return data.viewer }}"))["name"] == "Ada Lovelace"
        (session,) = [cookie for cookie in await browser.cookies(home) if cookie["name"] == "mailing_session"]
        assert (session["httpOnly"], session["sameSite"], session["path"]) == (True, "Lax", "/")

        # When they sign out here and there
        await page.get_by_role("button", name="Sign out").click()
        await page.get_by_role("button", name="Yes, sign me out").click()
        # Then they are nobody again
        await page.get_by_role("heading", name="Sign in to go on").wait_for()
        assert urlsplit(page.url).path == "/"
        assert [cookie["name"] for cookie in await browser.cookies(home)] == []

        # And no page broke a policy, or asked anybody else
        assert [
            told for told in playground.complaints if not told.startswith(("Failed to load resource", "[DOM]"))
        ] == []
        asked = {urlsplit(request.url).netloc for request in playground.requests}
        assert asked == {f"localhost:{port}", urlsplit(provider.url).netloc, "fonts.googleapis.com"}


async def test_where_browsers_cannot_sign_in_the_page_asks_for_a_token(
    browser: BrowserContext, settings: Settings, database: None
) -> None:
    async with issuing() as issuer, whole_api(settings, **trusting(issuer), graphql_introspection=True) as api:
        # Given
        playground = await Playground.opened(browser, f"http://{api.address}/docs/", with_schema=False)
        await playground.page.get_by_text("The API asks for a token").wait_for()

        # When somebody gives it one
        await playground.write("headers.json", json.dumps(issuer.bearer()))
        answer = await _run(playground, COUNT)

        # Then it is taken, and the page is content
        assert answer == {"data": {"clients": {"totalCount": 0}}}
        await playground.page.get_by_text("The API asks for a token").wait_for(state="detached")


async def _enter(page: Page, name: str) -> None:
    """Who it is, at the provider."""
    await page.get_by_placeholder("Enter any login").fill(name)
    await page.get_by_placeholder("and password").fill("any")
    await page.get_by_role("button", name="Sign-in").click()


async def _run(playground: Playground, operation: str) -> Json:
    await playground.write("operation.graphql", operation)
    await playground.press_run()
    return await playground.answer()


async def _nothing(route: Route) -> None:
    await route.abort()
