import aiohttp
import pytest


@pytest.mark.parametrize(
    ("accepted", "encoding", "content"),
    [
        ("gzip, deflate, br, zstd", "br", "by Brotli"),
        ("gzip, deflate", "gzip", "by gzip"),
        ("br;q=0, gzip;q=0.5", "gzip", "by gzip"),
        ("br; q=0.0, GZIP", "gzip", "by gzip"),
        ("identity", None, "the script"),
        ("zstd", None, "the script"),
    ],
)
async def test_a_file_comes_as_small_as_the_browser_accepts(
    site: aiohttp.ClientSession, accepted: str, encoding: str | None, content: str
) -> None:
    async with site.get("/docs/assets/index-1a2b.js", headers={"Accept-Encoding": accepted}) as response:
        assert response.status == 200
        assert await response.text() == content
        assert response.headers.get("Content-Encoding") == encoding
        assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert response.headers["Vary"] == "Accept-Encoding"


async def test_a_file_that_was_not_compressed_comes_as_it_is(site: aiohttp.ClientSession) -> None:
    async with site.get("/docs/assets/index-3c4d.css", headers={"Accept-Encoding": "br, gzip"}) as response:
        assert (response.status, response.headers.get("Content-Encoding")) == (200, None)
        assert (response.headers["Content-Type"], await response.text()) == ("text/css; charset=utf-8", "the styles")


async def test_a_file_is_kept_for_good_and_brings_its_policy(site: aiohttp.ClientSession) -> None:
    async with site.get("/docs/assets/index-1a2b.js") as response:
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        etag = response.headers["ETag"]

    async with site.get("/docs/assets/index-1a2b.js", headers={"If-None-Match": etag}) as response:
        assert (response.status, await response.read()) == (304, b"")


@pytest.mark.parametrize("path", ["..%2f..%2fsecret.txt", "..%2findex.html", "", "none.js"])
async def test_nothing_but_the_bundles_files_is_found(site: aiohttp.ClientSession, path: str) -> None:
    async with site.get(f"/docs/assets/{path}") as response:
        assert response.status == 404
        assert "a secret" not in await response.text()
