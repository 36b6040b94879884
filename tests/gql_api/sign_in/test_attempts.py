"""How often an address may try."""

from hashlib import sha256

import pytest
from redis.asyncio import Redis
from starlette.requests import HTTPConnection

from gql_api.sign_in.attempts import address_of
from mailing.settings import Settings
from tests.gql_api.auth.asking import OK, ask
from tests.gql_api.sign_in.browser import Browser
from tests.gql_api.sign_in.conftest import reached_by_browsers
from tests.gql_api.sign_in.openid_provider import OpenIdProvider

BUSY = (429, "Too many sign-ins from your address")


async def test_an_address_may_begin_only_so_many(
    settings: Settings, provider: OpenIdProvider, database: None, redis: Redis
) -> None:
    async with (
        reached_by_browsers(settings, provider.url, sign_in_starts_per_minute=3) as api,
        Browser.opened(api) as browser,
    ):
        # When
        pages = [await browser.ask(browser.home.with_path("/auth/sign-in")) for _ in range(5)]
        # Then
        assert [page.status for page in pages] == [303, 303, 303, 429, 429]
        assert (pages[-1].status, pages[-1].title) == BUSY
        assert 0 < int(pages[-1].headers["Retry-After"]) <= 60
        assert f"Wait {pages[-1].headers['Retry-After']} seconds" in pages[-1].text
        # And whoever shows a token is not meant
        assert await ask(api, {"Authorization": f"Bearer {await provider.token_for('importer')}"}) == OK


async def test_pages_of_others_cannot_use_up_what_an_address_has(
    settings: Settings, provider: OpenIdProvider, database: None, redis: Redis
) -> None:
    async with (
        reached_by_browsers(settings, provider.url, sign_in_starts_per_minute=1) as api,
        Browser.opened(api) as browser,
    ):
        # When a page that somebody looks at asks in the background, as for an image, a frame, or what may come next
        for headers in (
            {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
            {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
            {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch"},
        ):
            async with api.http.get(f"http://{api.address}/auth/sign-in", headers=headers) as response:
                assert response.status == 400

        # Then that counts for nothing
        assert (await browser.sign_in("ada")).status == 303


async def test_answers_that_fail_keep_nobody_else_out(
    settings: Settings, provider: OpenIdProvider, database: None, redis: Redis
) -> None:
    async with reached_by_browsers(settings, provider.url) as api, Browser.opened(api) as browser:
        for state in map(str, range(30)):
            made_up = {f"mailing_sign_in_{sha256(state.encode()).hexdigest()[:16]}": "x"}
            url = browser.home.with_path("/auth/callback").with_query(state=state, code="c")
            async with api.http.get(url, cookies=made_up) as response:
                assert response.status == 400

        assert (await browser.sign_in("ada")).status == 303


async def test_sign_ins_that_are_never_finished_do_not_fill_the_browser(browser: Browser) -> None:
    for _ in range(12):
        await browser.question()

    assert len(browser.cookies()) <= 6
    assert (await browser.sign_in("ada")).status == 303


async def test_without_redis_a_page_says_that_it_cannot_be_done_now(
    settings: Settings, provider: OpenIdProvider, database: None
) -> None:
    async with (
        reached_by_browsers(settings, provider.url, redis_url="redis://127.0.0.1:9") as api,
        Browser.opened(api) as browser,
    ):
        page = await browser.ask(browser.home.with_path("/auth/sign-in"))
        browser.http.cookie_jar.update_cookies({"mailing_sign_in_3a6eb0790f39ac87": "x"}, browser.home)
        back = await browser.ask(browser.home.with_path("/auth/callback").with_query(state="s", code="c"))

        assert (page.status, page.title) == (503, "Signing in is not possible right now")
        assert page.headers["Retry-After"] == back.headers.get("Retry-After", "10") == "10"
        # Tokens are let in all the same
        assert await ask(api, {"Authorization": f"Bearer {await provider.token_for('importer')}"}) == OK


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("/run/api.sock", "/run/api.sock"),
        (None, ""),
    ],
)
def test_who_has_one_ipv6_address_has_many(host: str | None, address: str) -> None:
    client = (host, 1) if host is not None else None

    assert address_of(HTTPConnection({"type": "http", "client": client})) == address
