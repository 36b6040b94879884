"""Signing in at a real OpenID provider of another site, and out again."""

import re

from playwright.async_api import Browser, Page, Route

from mailing.cli.preconditions import free_port
from mailing.settings import Settings
from tests.e2e.ui.axe import faults
from tests.e2e.ui.desk import seated
from tests.gql_api.auth.issuer import AUDIENCE
from tests.gql_api.serving import whole_api
from tests.gql_api.sign_in.conftest import provider
from tests.gql_api.sign_in.openid_provider import CLIENT, OpenIdProvider

__all__ = ["provider"]


async def test_a_person_signs_in_and_comes_back_to_the_page_they_wanted(
    browser: Browser, settings: Settings, provider: OpenIdProvider, database: None
) -> None:
    port = free_port()
    home = f"localhost:{port}"
    sign_in = {"auth_issuer": provider.url, "auth_audience": AUDIENCE, "public_url": f"http://{home}", **CLIENT}
    async with whole_api(settings, port, **sign_in), seated(browser, home) as desk:
        page = desk.page
        await page.route("**/fonts.googleapis.com/**", _nothing)  # The provider's page asks for it.

        # When somebody follows a link to a page of the service
        await desk.go("/tokens?before=abc")
        await desk.heading("Sign in to go on").wait_for()
        assert await faults(page) == []
        await page.get_by_role("link", name="Sign in").click()
        # Then who has no role here is told so
        await _enter(page, "nemo")
        await desk.heading("You have no role here").wait_for()

        # And who has one is where they wanted to be
        await page.get_by_role("link", name="Sign in as somebody else").click()
        await _enter(page, "ada")
        await page.wait_for_url(f"http://{home}/tokens?before=abc")
        await page.get_by_role("button", name="Ada Lovelace, admin").click()
        await page.get_by_text(re.compile("^Signed in until .+")).wait_for()
        assert await faults(page) == []

        # When they sign out here and there
        await page.get_by_role("menuitem", name="Sign out").click()
        await page.get_by_role("button", name="Yes, sign me out").click()
        # Then they are nobody again
        await page.wait_for_url(f"http://{home}/")
        await desk.heading("Sign in to go on").wait_for()
        desk.overlooks("Failed to load resource")


async def test_whose_token_gives_no_role_is_told_and_may_try_another(
    browser: Browser, settings: Settings, provider: OpenIdProvider, database: None
) -> None:
    # Given a service that knows programs by their tokens, and no browsers
    known = {"auth_issuer": provider.url, "auth_audience": AUDIENCE}
    async with whole_api(settings, **known) as api, seated(browser, api.address) as desk:
        await desk.go("/")
        await desk.heading("An API token is needed").wait_for()

        # When somebody shows one that holds, of a program without a role
        await desk.page.get_by_label("API token").fill(await provider.token_for("stranger"))
        await desk.page.get_by_role("button", name="Come in").click()
        # Then
        await desk.heading("You may not come in").wait_for()
        await desk.page.get_by_text("The token holds, but gives no role here").wait_for()
        assert await faults(desk.page) == []

        # And they can show another
        await desk.page.get_by_role("button", name="Forget the token").click()
        await desk.page.get_by_label("API token").fill(await provider.token_for("importer"))
        await desk.page.get_by_role("button", name="Come in").click()
        await desk.page.get_by_role("button", name="importer, operator").wait_for()
        desk.overlooks("Failed to load resource")


async def _enter(page: Page, name: str) -> None:
    """Who it is, at the provider."""
    await page.get_by_placeholder("Enter any login").fill(name)
    await page.get_by_placeholder("and password").fill("any")
    await page.get_by_role("button", name="Sign-in").click()


async def _nothing(route: Route) -> None:
    await route.abort()
