import shutil
from pathlib import Path

import aiohttp
import pytest

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


async def test_the_page_may_talk_to_this_server_only(site: aiohttp.ClientSession) -> None:
    async with site.get("/docs/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert await response.text() == "<title>GraphiQL</title>"
        assert response.headers["Cache-Control"] == "no-cache"
        policy = response.headers["Content-Security-Policy"].split("; ")

    assert policy == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "worker-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]


async def test_the_slash_at_the_end_may_be_left_out(site: aiohttp.ClientSession) -> None:
    async with site.get("/docs") as response:
        assert (response.status, response.url.path) == (200, "/docs/")


async def test_without_a_bundle_the_page_says_what_to_do(site: aiohttp.ClientSession, bundle: Path) -> None:
    # Given
    shutil.rmtree(bundle)

    # Then
    for address in ("/docs/", "/graphql"):
        async with site.get(address, headers={"Accept": BROWSER}) as response:
            assert (response.status, response.content_type) == (503, "text/plain")
            assert "run `make web`" in await response.text()
    async with site.get("/docs/assets/index-1a2b.js") as response:
        assert response.status == 404


async def test_a_bundle_that_is_built_later_is_served_without_a_restart(
    site: aiohttp.ClientSession, bundle: Path
) -> None:
    # Given
    kept = bundle.rename(bundle.with_name("kept"))
    async with site.get("/docs/") as response:
        assert response.status == 503

    # When
    kept.rename(bundle)

    # Then
    async with site.get("/docs/") as response:
        assert response.status == 200
    async with site.get("/docs/assets/index-1a2b.js") as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("method", "address", "accept", "shown"),
    [
        ("GET", "/graphql", BROWSER, "page"),
        ("GET", "/graphql", "Text/HTML; charset=utf-8", "page"),
        ("HEAD", "/graphql", BROWSER, ""),
        ("GET", "/graphql", "application/json", "the API"),
        ("GET", "/graphql", "application/graphql-response+json, application/json;q=0.9", "the API"),
        ("GET", "/graphql", "*/*", "the API"),
        ("GET", "/graphql?query={__typename}", BROWSER, "the API"),
        ("POST", "/graphql", BROWSER, "the API"),
    ],
)
async def test_at_the_address_of_the_api_a_browser_gets_the_page_and_a_program_the_api(
    site: aiohttp.ClientSession, method: str, address: str, accept: str, shown: str
) -> None:
    async with site.request(method, address, headers={"Accept": accept}) as response:
        assert response.status == 200
        assert (await response.text()).replace("<title>GraphiQL</title>", "page") == shown
