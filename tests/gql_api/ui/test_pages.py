"""Where the admin UI is found, and what it may load."""

import re
import shutil
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gql_api.ui.routes import ui_routes
from tests.gql_api.serving import serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The page with a place for the nonce, a script, and a file beside them that is nobody's business."""
    bundle = tmp_path / "bundle"
    (bundle / "assets").mkdir(parents=True)
    (bundle / "index.html").write_text('<meta name="style-nonce" content="__STYLE_NONCE__">')
    (bundle / "assets" / "index-1a2b.js").write_text("the script")
    (tmp_path / "secret.txt").write_text("a secret")
    return bundle


@pytest.fixture
async def site(bundle: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """Asks a server that has the UI behind something that stands for all else."""
    healthz = Route("/healthz", lambda _: PlainTextResponse("well"))
    app = Starlette(routes=[healthz, *ui_routes(bundle)])
    async with serving(app) as address, aiohttp.ClientSession(f"http://{address}") as http:
        yield http


async def nonce_of(response: aiohttp.ClientResponse) -> str:
    found = re.fullmatch('<meta name="style-nonce" content="(.+)">', await response.text())
    assert found
    return found[1]


@pytest.mark.parametrize("address", ["/", "/mailings", "/mailings/mailing_7?after=abc", "/no/such/page"])
async def test_a_browser_gets_the_page_at_every_address(site: aiohttp.ClientSession, address: str) -> None:
    async with site.get(address, headers=BROWSER) as response:
        assert (response.status, response.content_type) == (200, "text/html")
        await nonce_of(response)


async def test_what_is_served_elsewhere_stays_there(site: aiohttp.ClientSession) -> None:
    async with site.get("/healthz", headers=BROWSER) as response:
        assert await response.text() == "well"


async def test_a_program_that_has_lost_its_way_is_told_so(site: aiohttp.ClientSession) -> None:
    async with site.get("/graphq", headers={"Accept": "application/json"}) as response:
        assert response.status == 404
        assert "The API is at /graphql" in await response.text()
    async with site.get("/", headers={"Accept": "*/*"}) as response:
        assert (response.status, response.content_type) == (200, "text/html")


async def test_the_page_may_load_from_this_server_only_and_each_answer_has_a_nonce_of_its_own(
    site: aiohttp.ClientSession,
) -> None:
    nonces = set()
    for _ in range(2):
        async with site.get("/", headers=BROWSER) as response:
            nonce = await nonce_of(response)
            nonces.add(nonce)
            assert response.headers["Content-Security-Policy"].split("; ") == [
                "default-src 'none'",
                "script-src 'self'",
                f"style-src 'self' 'nonce-{nonce}'",
                "img-src 'self'",
                "font-src 'self'",
                "connect-src 'self'",
                "frame-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            ]
            assert response.headers["Cache-Control"] == "no-store"
    assert len(nonces) == 2


async def test_a_mail_is_shown_by_a_page_that_can_do_nothing_else(site: aiohttp.ClientSession) -> None:
    async with site.get("/report/frame", headers=BROWSER) as response:
        script = (await response.text()).partition("<script>")[2].partition("</script>")[0]
        digest = b64encode(sha256(script.encode()).digest()).decode()
        assert response.headers["Content-Security-Policy"].split("; ") == [
            "default-src 'none'",
            f"script-src 'sha256-{digest}'",
            "style-src 'unsafe-inline'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
            "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox",
        ]
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


async def test_its_files_are_kept_for_good_and_lead_nowhere_else(site: aiohttp.ClientSession) -> None:
    async with site.get("/assets/index-1a2b.js") as response:
        assert (await response.text(), response.content_type) == ("the script", "text/javascript")
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'"
    for lost in ("/assets/index-gone.js", "/assets/../index.html", "/assets/%2e%2e/%2e%2e/secret.txt"):
        async with site.get(lost, headers={"Accept": "*/*"}) as response:
            assert response.status == 404


async def test_without_a_bundle_it_says_what_to_do(site: aiohttp.ClientSession, bundle: Path) -> None:
    shutil.rmtree(bundle)
    async with site.get("/", headers=BROWSER) as response:
        assert (response.status, response.content_type) == (503, "text/plain")
        assert "run `make web`" in await response.text()
